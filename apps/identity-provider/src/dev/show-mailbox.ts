import type { PostOffice } from '../mail/post-office.js';
import { html } from '../pages/html.js';
import { renderPage, type Rendered } from '../pages/page.js';
import { speak } from '../pages/texts.js';

/** The letters and text messages that would have left, newest first. */
export async function showMailbox(postOffice: PostOffice): Promise<Rendered> {
  const { texts, language } = speak('en');
  const letters = (await postOffice.newest()).map(
    ({ post, at }) =>
      html`<li>
        <strong>${'phone' in post ? 'SMS' : post.subject}</strong><br />${'phone' in post ? post.phone : post.to}, ${at.toISOString()}
        <pre>${post.text}</pre>
      </li>`,
  );
  const body = html`<ul>
    ${letters}
  </ul>`;
  return renderPage({ title: 'Mailbox', body }, texts, language);
}
