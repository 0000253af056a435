// Shows only the entries of a list whose data-text holds every word that is typed.
document.addEventListener("alpine:init", () => {
  Alpine.data("filtering", () => ({
    search() {
      const words = this.$el.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const item of this.$root.querySelectorAll("[data-text]")) {
        item.hidden = !words.every((word) => item.dataset.text.includes(word));
        shown += item.hidden ? 0 : 1;
      }
      this.$root.querySelector("[data-none]").hidden = shown > 0;
    },
  }));
});
