import { html, type Html } from './html.js';

interface Field {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly value?: string | undefined;
  readonly type?: 'text' | 'email' | 'password' | 'tel';
  readonly autocomplete: string;
  readonly numeric?: boolean;
}

/** One labelled field. A password's value is never sent back. */
export function field({ name, label, hint, value, type = 'text', autocomplete, numeric = false }: Field): Html {
  const described = hint !== undefined && html`aria-describedby="${name}-hint"`;
  return html`<label for="${name}">${label}</label>
    <input
      id="${name}"
      name="${name}"
      type="${type}"
      value="${type === 'password' ? '' : value}"
      autocomplete="${autocomplete}"
      ${described}
      ${numeric && html`inputmode="numeric"`}
      autocapitalize="none"
      spellcheck="false"
      required
    />
    ${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>`}`;
}
