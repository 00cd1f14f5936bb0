import type { FastifyInstance } from 'fastify';
import { readAudit, uuid, type AuditFilter, type AuditRow } from '../audit/read-audit.js';
import { assurance } from '../oidc/assurance.js';
import { auditEvents } from '../store/tables.js';
import { atHome, signInFirst } from './at-home.js';
import { html, type Html } from './html.js';
import { isProven, proveFirst } from './proven.js';
import type { Texts } from './texts.js';
import { PageFault, sendPage, textsOf, type Fields, type PageServices } from './visit.js';

const pageSize = 50;

/** Security events of everybody, for admins who proved two factors just now. To others the page is not there. */
export function auditRoutes(scope: FastifyInstance, services: PageServices): void {
  scope.get('/account/audit', async (request, reply) => {
    const home = await atHome(services, request, reply);
    if (!home) return signInFirst(services, reply);
    if (home.account.role !== 'admin') throw new PageFault(404, ({ expired }) => expired);
    if (!(await isProven(services, home))) return proveFirst(services, reply, home);
    if (home.acr !== assurance.multi) throw new PageFault(403, (texts) => texts.auditNeedsMore);
    const texts = textsOf(request);
    const fields = request.query as Fields;
    const rows = await readAudit(services, filterOf(fields), pageSize);
    const body = html`${filterForm(texts, fields)} ${rows.length === 0 && html`<p>${texts.auditNothing}</p>`}
      <ul>
        ${rows.map(shown)}
      </ul>
      ${rows.length === pageSize && html`<p><a href="${olderThan(fields, rows.at(-1)!)}">${texts.older}</a></p>`}`;
    return sendPage(request, reply, { title: texts.audit, body });
  });
}

function filterOf({ who, event, from, to, after }: Fields): AuditFilter {
  return {
    who: understood(who, textIn),
    event: understood(event, (value) => auditEvents.find((each) => each === value)),
    from: understood(from, timeIn),
    to: understood(to, timeIn),
    after: understood(after, (value) => (typeof value === 'string' && uuid.test(value) ? value : undefined)),
  };
}

/** A filter that is not understood is refused: without it the answer would be about everything. */
function understood<Value>(given: unknown, read: (given: unknown) => Value | undefined): Value | undefined {
  if (given === undefined || given === '') return undefined;
  const value = read(given);
  if (value === undefined) throw new PageFault(422, ({ checkFields }) => checkFields);
  return value;
}

/** Whatever a query may hold: the same name twice makes a list. */
function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.slice(0, 300) : undefined;
}

function timeIn(value: unknown): Date | undefined {
  const time = new Date(`${textIn(value) ?? ''}Z`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

function filterForm(texts: Texts, fields: Fields): Html {
  const input = (name: 'who' | 'from' | 'to', label: string, type: string) =>
    html`<label for="${name}">${label}</label><input id="${name}" name="${name}" type="${type}" value="${textIn(fields[name])}" />`;
  return html`<form method="get" action="/account/audit">
    ${input('who', texts.auditWho, 'text')}
    <label for="event">${texts.auditEvent}</label>
    <select id="event" name="event">
      <option value="">${texts.auditAny}</option>
      ${auditEvents.map((event) => html`<option ${event === fields.event && html`selected`}>${event}</option>`)}
    </select>
    ${input('from', texts.auditFrom, 'datetime-local')} ${input('to', texts.auditTo, 'datetime-local')}
    <button type="submit">${texts.auditShow}</button>
  </form>`;
}

function shown({ at, event, outcome, about, accountId, triedHash, clientId, address, agent, requestId, count }: AuditRow): Html {
  const details = [accountId ?? triedHash, clientId, address, agent, requestId].filter((detail) => detail !== null && detail !== '');
  return html`<li>
    <strong>${[event, about, outcome, count > 1 ? `× ${count}` : null].filter((part) => part !== null).join(' · ')}</strong
    ><br />${at.toISOString()}<br />${details.join(' · ')}
  </li>`;
}

function olderThan(fields: Fields, last: AuditRow): string {
  const kept = ['who', 'event', 'from', 'to'].map((name) => [name, textIn(fields[name]) ?? ''] as [string, string]);
  return `/account/audit?${new URLSearchParams([...kept, ['after', last.id]]).toString()}`;
}
