import type { PostOffice } from '../mail/post-office.js';
import { html } from '../pages/html.js';
import { renderPage, type Rendered } from '../pages/page.js';
import { speak } from '../pages/texts.js';

/** The letters that would have left, newest first. */
export async function showMailbox(postOffice: PostOffice): Promise<Rendered> {
  const { texts, language } = speak('en');
  const letters = (await postOffice.newest()).map(
    ({ to, subject, text, at }) =>
      html`<li>
        <strong>${subject}</strong><br />${to}, ${at.toISOString()}
        <pre>${text}</pre>
      </li>`,
  );
  const body = html`<ul>
    ${letters}
  </ul>`;
  return renderPage({ title: 'Mailbox', body }, texts, language);
}
