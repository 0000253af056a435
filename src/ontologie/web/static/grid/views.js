// Saved views: the address of the table under a name.
export class Views {
  constructor(config, state) {
    const dialog = document.getElementById("view-dialog");
    document.getElementById("save-view")?.addEventListener("click", () => {
      dialog.querySelector("[name=query]").value = state.toString();
      document.getElementById("view-menu").removeAttribute("open");
      dialog.showModal();
      dialog.querySelector("[name=name]").focus();
    });
  }
}
