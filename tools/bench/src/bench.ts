import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { autocannon } from './load/autocannon.js';
import type { LoadDriver } from './load/traffic.js';
import { hasWrk, wrk } from './load/wrk.js';
import type { Choices } from './config.js';
import { stopAll } from './processes/child.js';
import { EventLog } from './processes/event-log.js';
import { Installation } from './processes/installation.js';
import { Issuer } from './processes/issuer.js';
import { SyntheticServices } from './processes/synthetic-services.js';

/** What the workloads of one run share. Each part starts when the first of them asks for it. */
export class Bench {
  /** For what lives no longer than this run: access logs, samples. */
  readonly folder = mkdtempSync(join(tmpdir(), 'facet-bench-'));
  readonly driver: LoadDriver = hasWrk() ? wrk : autocannon;
  readonly connections = 64;
  /** From which the keys between a gateway and the synthetic services derive. */
  readonly rootKey = randomBytes(32).toString('base64url');
  #synthetic: Promise<SyntheticServices> | undefined;
  #issuer: Promise<Issuer> | undefined;
  #installation: Promise<Installation> | undefined;
  #webEvents: Promise<EventLog> | undefined;

  constructor(readonly choices: Choices) {}

  get synthetic(): Promise<SyntheticServices> {
    return (this.#synthetic ??= SyntheticServices.start());
  }

  get issuer(): Promise<Issuer> {
    return (this.#issuer ??= Issuer.start());
  }

  /** What web-bff watches beside the synthetic services. */
  get webEvents(): Promise<EventLog> {
    return (this.#webEvents ??= EventLog.start('web-bff'));
  }

  /** The real services with the demo world. */
  get installation(): Promise<Installation> {
    return (this.#installation ??= Installation.start(this.choices.inherited));
  }

  /** Stops the real services and starts them again, with the demo world there. */
  async restart(): Promise<Installation> {
    await (await this.installation).stop();
    this.#installation = undefined;
    return this.installation;
  }

  /** Where a profile of this workload goes. */
  profileOf(workload: string): string {
    return join(dirname(this.choices.json), `${workload}.cpuprofile`);
  }

  /** Ends everything. */
  async stop(): Promise<void> {
    await stopAll();
    (await this.#issuer)?.stop();
    await (await this.#webEvents?.catch(() => undefined))?.stop();
    await (await this.#installation?.catch(() => undefined))?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
