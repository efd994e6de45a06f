// Passkeys: joins the page's one passkey form with the package's script. Shows the form only where
// the browser knows passkeys; without JavaScript the other ways stay.
const place = document.querySelector("[data-passkey]");
const forms = window.allauth?.webauthn?.forms;
if (place && forms && window.PublicKeyCredential) {
  const id = (name) => place.querySelector(`[name="${name}"]`)?.id;
  const ids = { credential: id("credential"), passwordless: id("passwordless"), data: "passkey_data" };
  const start = { login: forms.loginForm, authenticate: forms.authenticateForm, add: forms.addForm };
  const kind = place.dataset.passkey;
  start[kind]({ ids: { ...ids, [kind]: "passkey_button" } });
  place.hidden = false;
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    place.querySelector("[data-passkey-error]").hidden = false;
  });
}
