import type { INestApplicationContext } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';

/** ReadinessPart: something that an application cannot serve without, such as its database. Any Nest provider with these two members is one. */
export interface ReadinessPart {
  readonly name: string;
  /** Resolves when it is there, rejects otherwise. */
  ping(): Promise<void>;
}

/** Readiness: what an application needs right now. */
export interface Readiness {
  /** Names of the parts that are not ready. A part that does not answer within a second is not. */
  check(): Promise<string[]>;
}

const patienceMs = 1_000;

/** readinessOf: the readiness of an application over all its modules. */
export function readinessOf(app: INestApplicationContext): Readiness {
  const parts = new Set<ReadinessPart>();
  for (const module of app.get(ModulesContainer).values()) {
    for (const { instance } of module.providers.values()) {
      if (isReadinessPart(instance)) parts.add(instance);
    }
  }
  return {
    check: async () => {
      const outcomes = await Promise.all([...parts].map(async (part) => ((await answers(part)) ? [] : [part.name])));
      return outcomes.flat().sort();
    },
  };
}

function isReadinessPart(instance: unknown): instance is ReadinessPart {
  if (typeof instance !== 'object' || instance === null) return false;
  const { name, ping } = instance as Partial<ReadinessPart>;
  return typeof ping === 'function' && typeof name === 'string';
}

function answers(part: ReadinessPart): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), patienceMs);
    part
      .ping()
      .then(
        () => resolve(true),
        () => resolve(false),
      )
      .finally(() => clearTimeout(timer));
  });
}
