import type { RequestContext } from '@facet/context';
import { locatedError, type GraphQLError, type GraphQLLeafType } from 'graphql';
import type { Given } from './examine-operation.js';
import type { Plan, PlannedField, Shape } from './plan-operation.js';

export interface Outcome {
  /** Absent where the request was not carried out. */
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly GraphQLError[];
}

/**
 * Carries out a plan as the specification says (GraphQL, section 6): a field is asked for as soon as its parent is there; what fails is null, or, where that
 * may not be, the nearest thing above that may. What is null already is not read on.
 */
export function carryOut(plan: Plan, given: Given, context: RequestContext): Promise<Outcome> {
  return new Execution(given, context).run(plan);
}

// An object without a prototype that V8 keeps as fast as others: in it `__proto__` is a name like any other.
const Data = function () {} as unknown as new () => Record<string, unknown>;
Data.prototype = Object.create(null);

/** An object or a list of the answer, and its place in the one above. */
interface Branch {
  readonly value: Record<string | number, unknown>;
  readonly above: Branch | undefined;
  readonly key: string | number;
  readonly nullable: boolean;
  /** It, or something above it, was replaced by null. */
  cut: boolean;
}

class Execution {
  private readonly root: Branch = { value: new Data(), above: undefined, key: '', nullable: true, cut: false };
  private readonly errors: GraphQLError[] = [];
  private awaited = 0;
  private wake: (() => void) | undefined;

  constructor(
    private readonly given: Given,
    private readonly context: RequestContext,
  ) {}

  async run({ fields, serial }: Plan): Promise<Outcome> {
    const { root, errors } = this;
    for (const field of fields) {
      this.ask(field, undefined, root);
      if (serial) await this.allThere();
      if (root.cut) break;
    }
    await this.allThere();
    return { data: root.cut ? null : root.value, errors };
  }

  private async allThere(): Promise<void> {
    if (this.awaited > 0 && !this.root.cut) await new Promise<void>((resolve) => (this.wake = resolve));
  }

  private ask(field: PlannedField, parent: unknown, branch: Branch): void {
    const value = this.valueOf(field, parent);
    if (isPromise(value)) this.wait(value, field, branch);
    else branch.value[field.key] = this.complete(value, field, field.shape, branch, field.key);
  }

  private valueOf({ resolve, at, info, name }: PlannedField, parent: unknown): unknown {
    try {
      return resolve ? resolve(parent as never, this.given[at] as never, this.context, info) : propertyOf(parent, name);
    } catch (error) {
      return asError(error);
    }
  }

  private wait(promise: PromiseLike<unknown>, field: PlannedField, branch: Branch): void {
    // Keeps the place, so that the answer is in the order of the document.
    branch.value[field.key] = null;
    this.awaited += 1;
    promise.then(
      (value) => this.land(value, field, branch),
      (error: unknown) => this.land(asError(error), field, branch),
    );
  }

  private land(value: unknown, field: PlannedField, branch: Branch): void {
    // Also what failed under something that is null by now was missing.
    if (value instanceof Error || !isCut(branch)) branch.value[field.key] = this.complete(value, field, field.shape, branch, field.key);
    this.awaited -= 1;
    if (this.awaited === 0 || this.root.cut) this.wake?.();
  }

  private complete(value: unknown, field: PlannedField, shape: Shape, above: Branch, key: string | number): unknown {
    if (value instanceof Error) return this.fail(value, field, shape, above, key);
    if (value === null || value === undefined) return shape.nullable ? null : this.fail(missing(field), field, shape, above, key);
    if (shape.leaf) return this.completeLeaf(shape.leaf, value, field, shape, above, key);
    if (shape.items) return this.completeList(shape.items, value, field, shape, above, key);
    return this.completeObject(value, shape, above, key);
  }

  private completeObject(value: unknown, { fields = [], nullable }: Shape, above: Branch, key: string | number): unknown {
    const branch: Branch = { value: new Data(), above, key, nullable, cut: false };
    for (const field of fields) {
      this.ask(field, value, branch);
      if (branch.cut) return null;
    }
    return branch.value;
  }

  private completeList(items: Shape, value: unknown, field: PlannedField, shape: Shape, above: Branch, key: string | number): unknown {
    if (!Array.isArray(value)) return this.fail(unfit(field, 'a list'), field, shape, above, key);
    const list: unknown[] = [];
    const branch: Branch = { value: list as never, above, key, nullable: shape.nullable, cut: false };
    for (let index = 0; index < value.length; index += 1) {
      list.push(this.complete(value[index], field, items, branch, index));
      if (branch.cut) return null;
    }
    return list;
  }

  private completeLeaf(
    leaf: GraphQLLeafType,
    value: unknown,
    field: PlannedField,
    shape: Shape,
    above: Branch,
    key: string | number,
  ): unknown {
    try {
      return leaf.serialize(value) ?? this.fail(unfit(field, leaf.name), field, shape, above, key);
    } catch (error) {
      return this.fail(asError(error), field, shape, above, key);
    }
  }

  private fail(error: Error, { nodes }: PlannedField, { nullable }: Shape, above: Branch, key: string | number): null {
    this.errors.push(locatedError(error, nodes, pathOf(above, key)));
    if (!nullable) cutOff(above);
    return null;
  }
}

/** Puts null in the place of a branch, or of the nearest one above it that may be null. */
function cutOff(branch: Branch): void {
  for (let at: Branch | undefined = branch; at && !at.cut; at = at.above) {
    at.cut = true;
    if (!at.nullable) continue;
    if (at.above) at.above.value[at.key] = null;
    return;
  }
}

function isCut(branch: Branch): boolean {
  for (let at: Branch | undefined = branch; at; at = at.above) if (at.cut) return true;
  return false;
}

function pathOf(branch: Branch, key: string | number): (string | number)[] {
  const path = [key];
  for (let at = branch; at.above; at = at.above) path.unshift(at.key);
  return path;
}

/** A property of what a service sent, or a function that makes it. */
function propertyOf(parent: unknown, name: string): unknown {
  const value = (parent as Readonly<Record<string, unknown>> | undefined)?.[name];
  return typeof value === 'function' ? (value as () => unknown).call(parent) : value;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as Partial<PromiseLike<unknown>>).then === 'function';
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('Something else than an error was thrown', { cause: thrown });
}

function missing({ parentType, name }: PlannedField): Error {
  return new Error(`Cannot return null for non-nullable field ${parentType.name}.${name}.`);
}

function unfit({ parentType, name }: PlannedField, expected: string): Error {
  return new Error(`${parentType.name}.${name} is not ${expected}.`);
}
