// A button that copies the text beside it.
document.addEventListener("alpine:init", () => {
  Alpine.data("copying", () => ({
    async copy() {
      await navigator.clipboard.writeText(this.$root.querySelector("[data-copied]").textContent);
      this.$el.textContent = this.$el.dataset.done;
    },
  }));
});
