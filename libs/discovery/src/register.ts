import { consulDesk } from './consul-desk.js';
import { Contact } from './contact.js';
import { eurekaDesk } from './eureka-desk.js';
import { follow } from './follow.js';
import type { RegistryDesk, Self } from './registry-desk.js';
import { quietly, type Report } from './report.js';
import { targetLabel } from './target-url.js';

/** Registration: an instance that a registry knows, or will as soon as it can. */
export interface Registration {
  /** The registry knows it, as far as we have heard. */
  readonly registered: boolean;
  /** Strikes it out, within 2 s unless told. Never rejects: what a registry was not told it learns when the heartbeats stay away. */
  close(withinMs?: number): Promise<void>;
}

/** RegisterOptions: where to say what goes wrong, and whether it is time already. */
export interface RegisterOptions {
  readonly report: Report;
  /** Asked before the instance is entered; a quarter of a second later again where it is not. Ready unless given. */
  readonly ready?: () => Promise<boolean>;
  readonly random?: () => number;
}

const desks: Readonly<Record<string, (registryUrl: string, self: Self) => RegistryDesk>> = { consul: consulDesk, eureka: eurekaDesk };
const untilReadyMs = 250;
const usualLeavingMs = 2_000;

/**
 * register: enters an instance at a registry, `consul://agent:8500` or `eureka://host:8761/eureka`, and renews it until closed; enters it again where the
 * registry has forgotten it. Resolves after the first attempt, however it ended: a registry that is away keeps nobody from serving. Rejects with a text where
 * the URL cannot be read.
 */
export async function register(registryUrl: string, self: Self, options: RegisterOptions): Promise<Registration> {
  const { promise: attempted, resolve } = Promise.withResolvers<void>();
  const registration = enterAt(registryUrl, self, options, resolve);
  await attempted;
  return registration;
}

/** keepRegistered: as `register`, without waiting for the first attempt. Throws at once where the URL cannot be read. */
export function keepRegistered(registryUrl: string, self: Self, options: RegisterOptions): Registration {
  return enterAt(registryUrl, self, options, () => undefined);
}

function enterAt(registryUrl: string, self: Self, options: RegisterOptions, attempted: () => void): Registration {
  const { ready = () => Promise.resolve(true), random = Math.random } = options;
  const report = quietly(options.report);
  const desk = deskOf(registryUrl, self);
  const label = targetLabel(registryUrl);
  const contact = new Contact(`The registry ${label}`, `${self.name} may not be found there`, report);
  let known = false;
  const look = async (signal: AbortSignal): Promise<number> => {
    try {
      if (!known && !(await ready())) return untilReadyMs;
      known &&= await desk.renew(signal);
      if (!known) await desk.enter(signal);
      if (!known) report('info', `${self.name} is registered at ${label} as ${self.address}:${self.port}`);
      known = true;
      contact.answered();
      return desk.everyMs * (0.75 + random() / 4);
    } finally {
      attempted();
    }
  };
  const following = follow(look, contact, random);
  const leave = async (withinMs: number) => {
    await following.stop();
    try {
      // Even where it was not known: an attempt that we gave up may have arrived.
      await desk.leave(AbortSignal.timeout(Math.max(0, Math.ceil(withinMs))));
    } catch (error) {
      report('warn', `${self.name} could not be struck out at ${label}`, error);
    } finally {
      known = false;
      desk.close();
    }
  };
  let leaving: Promise<void> | undefined;
  return {
    get registered() {
      return known;
    },
    close: (withinMs = usualLeavingMs) => (leaving ??= leave(withinMs)),
  };
}

function deskOf(registryUrl: string, self: Self): RegistryDesk {
  const make = desks[registryUrl.slice(0, registryUrl.indexOf(':'))];
  if (!make) throw new Error(`The registry ${targetLabel(registryUrl)} must begin with ${Object.keys(desks).join(':// or ')}://`);
  return make(registryUrl, self);
}
