/**
 * The one script of the pages. It shows the buttons that need it where the browser can do what they say, asks for a passkey, and sends the form with the
 * answer: all that is decided is decided here.
 */
export const passkeyScript = `'use strict';
const able = typeof globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON === 'function';
for (const form of able ? document.querySelectorAll('form[data-passkey]') : []) {
  const failed = form.querySelector('[role=alert]');
  form.querySelector('.hint').hidden = true;
  for (const part of form.querySelectorAll('[data-needs-script]')) part.hidden = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      const answer = await ask(form);
      form.elements.answer.value = answer ? JSON.stringify(answer) : '';
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
}
async function ask(form) {
  const body = new URLSearchParams({ form_token: form.elements.form_token.value });
  const asked = await fetch(form.action + '/question', { method: 'POST', body, redirect: 'manual' });
  // Something must be proved first: the form goes there.
  if (asked.type === 'opaqueredirect') return undefined;
  if (!asked.ok) throw new Error('refused');
  const question = await asked.json();
  if (form.dataset.passkey === 'create') {
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(question) });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(question) });
}
`;
