// A form with data-passkey is sent once a passkey has answered its data-options.
const read = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt());
const write = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
let asking;
const ask = async (kind, given) => {
  const publicKey = JSON.parse(given);
  for (const it of [publicKey.user, ...(publicKey.excludeCredentials || publicKey.allowCredentials)]) if (it) it.id = read(it.id);
  publicKey.challenge = read(publicKey.challenge);
  const { id, rawId, type, response } = await navigator.credentials[kind]({ publicKey });
  const said = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature"])
    if (response[name]) said[name] = write(response[name]);
  return JSON.stringify({ id, rawId: write(rawId), type, response: said });
};
addEventListener("submit", async (event) => {
  const form = event.target, { passkey, options } = form.dataset, field = form.elements.passkey;
  if (!passkey || field.value) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (asking) return;
  const failed = form.querySelector("[data-passkey-failed]");
  asking = failed.hidden = true;
  try {
    field.value = await ask(passkey, options);
    form.requestSubmit(event.submitter);
  } catch {
    failed.hidden = false;
  }
  asking = false;
}, true);
