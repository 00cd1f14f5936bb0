import { html, type Html } from '../pages/html.js';
import type { Texts } from '../pages/texts.js';
import { hiddenToken } from '../pages/visit.js';
import type { AdministeredPartner } from './partner-admins.js';
import type { ListedKey } from './partner-keys.js';

type PartnersKeys = AdministeredPartner & { readonly keys: readonly ListedKey[] };

/** A partner's keys, with what can be done about them. */
export function keyList({ clientId, name, keys }: PartnersKeys, texts: Texts, token: string): Html {
  const mayMake = keys.filter(({ live }) => live).length < 2;
  return html`<h2>${name}</h2>
    ${
      keys.length === 0
        ? html`<p>${texts.keysNone}</p>`
        : html`<ul>
            ${keys.map((key) => item(key, texts, token))}
          </ul>`
    }
    ${mayMake ? html`<p><a href="/account/keys/new?client=${encodeURIComponent(clientId)}">${texts.keyNew}</a></p>` : html`<p>${texts.keyFaults['two live keys']}</p>`}`;
}

function item(key: ListedKey, texts: Texts, token: string): Html {
  const { id, name, beginsWith, scopes, networks, live } = key;
  return html`<li>
    <strong>${name}</strong><br /><code>${beginsWith}…</code><br />${scopes.join(', ')}<br />
    ${texts.keyFrom(networks.join(', '))}<br />${texts.keyMadeBy(dayOf(key.createdAt), key.createdBy ?? '')}<br />
    ${texts.keyUsed(key.usedAt ? timeOf(key.usedAt) : texts.never)}<br />${endOf(key, texts)}
    ${
      live &&
      html`<form method="post" action="/account/keys/revoke">
        ${hiddenToken(token)}<input type="hidden" name="id" value="${id}" />
        <button class="quiet" type="submit" aria-label="${texts.keyRevokeNamed(name)}">${texts.keyRevoke}</button>
      </form>`
    }
  </li>`;
}

function endOf({ live, revokedAt, expiresAt }: ListedKey, texts: Texts): string {
  if (live) return texts.keyExpires(dayOf(expiresAt));
  return revokedAt ? texts.keyRevoked(timeOf(revokedAt)) : texts.keyExpired(timeOf(expiresAt));
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function timeOf(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
