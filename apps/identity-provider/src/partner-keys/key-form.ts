import type { Scope } from '@facet/auth';
import { field } from '../pages/forms.js';
import { html, type Html } from '../pages/html.js';
import type { Page } from '../pages/page.js';
import type { Texts } from '../pages/texts.js';
import { hiddenToken, problemOf, type Fields, type PageServices } from '../pages/visit.js';
import type { KeyOrder } from './key-order.js';

interface Form {
  readonly clientId: string;
  /** What the partner may do at most. */
  readonly scopes: readonly Scope[];
  readonly again?: { readonly problem: string; readonly fields: Fields };
}

const lifetimes = ['30', '90', '180', '365'];
const usualDays = '90';
const box = (scope: string) => `scope:${scope}`;

/** The form for a new key, with what was filled in where it is shown again. */
export function keyForm({ formTokens }: PageServices, texts: Texts, visit: string, { clientId, scopes, again }: Form): Page {
  const { name, networks, days = usualDays } = again?.fields ?? {};
  const body = html`${problemOf(again?.problem)}
    <form method="post" action="/account/keys/new">
      ${hiddenToken(formTokens.of(visit))}<input type="hidden" name="client" value="${clientId}" />
      ${field({ name: 'name', label: texts.keyName, hint: texts.keyNameHint, value: name, autocomplete: 'off' })}
      <fieldset>
        <legend>${texts.keyScopes}</legend>
        ${scopes.map((scope) => checkbox(scope, again?.fields[box(scope)] === 'on', texts))}
      </fieldset>
      <label for="days">${texts.keyDays}</label>
      <select id="days" name="days">
        ${lifetimes.map((each) => html`<option value="${each}" ${each === days && html`selected`}>${texts.days(each)}</option>`)}
      </select>
      <label for="networks">${texts.keyNetworks}</label>
      <textarea id="networks" name="networks" rows="3" aria-describedby="networks-hint" spellcheck="false">${networks}</textarea>
      <p class="hint" id="networks-hint">${texts.keyNetworksHint}</p>
      <button type="submit">${texts.keyMake}</button>
    </form>
    <p><a href="/account/keys">${texts.keys}</a></p>`;
  return { title: texts.keyNew, body };
}

/** What a form says; what it leaves out is wrong, or none. */
export function orderIn(fields: Fields): KeyOrder {
  const { client = '', name = '', networks = '', days = '' } = fields;
  const checked = Object.keys(fields).filter((each) => each.startsWith(box('')));
  return {
    clientId: client,
    name,
    scopes: checked.map((each) => each.slice(box('').length)),
    networks: networks.split(/[\s,]+/).filter(Boolean),
    days: Number(days),
  };
}

function checkbox(scope: Scope, checked: boolean, texts: Texts): Html {
  return html`<label class="choice"
    ><input type="checkbox" name="${box(scope)}" ${checked && html`checked`} /> <code>${scope}</code> ${texts.scopes[scope]}</label
  >`;
}
