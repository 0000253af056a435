// Saved views: the address of the table under a name.
export class Views {
  constructor(config, state) {
    const dialog = document.getElementById("view-dialog");
    document.getElementById("save-view")?.addEventListener("click", () => {
      dialog.querySelector("[name=query]").value = state.toString();
      const menu = document.getElementById("view-menu");
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();  // where the dialog gives the focus back: its own button is hidden by then
      dialog.showModal();
      dialog.querySelector("[name=name]").focus();
    });
  }
}
