import type { Caller } from '@facet/context';
import type { Attributes, Condition } from './conditions.js';
import { policy, type Clause, type Rule, type RuleName } from './policy.js';
import { isRole, roles, scopeOf, type Permission, type Scope } from './roles.js';

/** Decision: what a rule comes to, and why. A constant: deciding makes nothing, and no decision tells of whom it is about. */
export interface Decision {
  /** Undefined: what is known here does not tell. Who knows more decides; who knows all there is to know takes it for no. */
  readonly allowed: boolean | undefined;
  readonly rule: string;
  readonly because: string;
  /** What it is answered with where it is not allowed. */
  readonly code: 'forbidden' | 'insufficient-scope' | 'not-found' | undefined;
  readonly detail: string;
  /** What the token lacks. */
  readonly scope: Scope | undefined;
}

const nothing: Attributes = Object.freeze({});

/**
 * decide: whether the caller may do this to a thing of which so much is known. The same function on both sides: what is refused for little is refused for
 * more, and what is allowed for little is allowed for more. A service, acting for itself, has no permissions.
 */
export function decide(caller: Caller, rule: RuleName, about: Attributes = nothing): Decision {
  const { unless, needs, clauses, allowed, exempt } = readied[rule];
  const free = unless ? unless.holds(caller, about) : false;
  if (free !== true) {
    for (const need of needs) {
      if (caller.permissions.includes(need.permission)) continue;
      if (free === undefined) return need.unknown;
      return allows(caller, need.permission) ? need.uncovered : need.forbidden;
    }
  }
  let granted = free ? exempt : allowed;
  for (const clause of clauses) {
    const verdict = judge(clause, caller, about);
    if (verdict.allowed !== true) return verdict;
    if (clause.anyOf.length > 1) granted = verdict;
  }
  return granted;
}

/** allows: whether one of the caller's roles allows it, whatever the token covers. */
function allows({ kind, roles: names }: Caller, permission: Permission): boolean {
  return kind !== 'service' && names.some((name) => isRole(name) && (roles[name] as readonly Permission[]).includes(permission));
}

function judge({ anyOf, grants, refused, unknown }: ReadiedClause, caller: Caller, about: Attributes): Decision {
  let known = true;
  for (let at = 0; at < anyOf.length; at += 1) {
    const held = anyOf[at]!.holds(caller, about);
    if (held) return grants[at]!;
    if (held === undefined) known = false;
  }
  return known ? refused : unknown;
}

interface ReadiedNeed {
  readonly permission: Permission;
  readonly forbidden: Decision;
  readonly uncovered: Decision;
  readonly unknown: Decision;
}

interface ReadiedClause {
  readonly anyOf: readonly Condition[];
  /** By the condition that held. */
  readonly grants: readonly Decision[];
  readonly refused: Decision;
  readonly unknown: Decision;
}

interface ReadiedRule {
  readonly unless: Condition | undefined;
  readonly needs: readonly ReadiedNeed[];
  readonly clauses: readonly ReadiedClause[];
  readonly allowed: Decision;
  readonly exempt: Decision;
}

/** Every decision that there can be, made once. */
const readied = Object.fromEntries(Object.entries<Rule>(policy).map(([name, rule]) => [name, ready(name, rule)])) as Record<
  RuleName,
  ReadiedRule
>;

function ready(rule: string, { needs, unless, where = [] }: Rule): ReadiedRule {
  const covered = needs.length > 0 ? `role and token cover ${needs.join(' and ')}` : 'nothing else is asked';
  return {
    unless,
    needs: needs.map((permission) => readyNeed(rule, permission)),
    clauses: where.map((clause) => readyClause(rule, clause)),
    allowed: decision(rule, true, covered),
    exempt: decision(rule, true, unless?.name ?? covered),
  };
}

function readyNeed(rule: string, permission: Permission): ReadiedNeed {
  const scope = scopeOf(permission);
  const forbidden = { code: 'forbidden', detail: `Your role does not allow ${permission}.` } as const;
  return {
    permission,
    forbidden: decision(rule, false, `no role of the caller allows ${permission}`, forbidden),
    uncovered: decision(rule, false, `the token does not cover ${permission}`, {
      code: 'insufficient-scope',
      detail: `The token lacks the scope ${scope}.`,
      scope,
    }),
    unknown: decision(rule, undefined, `not covered: ${permission}; unknown: whose it is`, forbidden),
  };
}

function readyClause(rule: string, { anyOf, code, detail }: Clause): ReadiedClause {
  const names = anyOf.map(({ name }) => name).join(', or ');
  return {
    anyOf,
    grants: anyOf.map(({ name }) => decision(rule, true, name)),
    refused: decision(rule, false, `not so: ${names}`, { code, detail }),
    unknown: decision(rule, undefined, `unknown: ${names}`, { code, detail }),
  };
}

type Answer = Partial<Pick<Decision, 'code' | 'detail' | 'scope'>>;

function decision(rule: string, allowed: boolean | undefined, because: string, { code, detail = '', scope }: Answer = {}): Decision {
  return Object.freeze({ allowed, rule, because, code, detail, scope });
}
