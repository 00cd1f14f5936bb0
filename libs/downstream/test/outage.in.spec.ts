import { afterEach, describe, expect, it, vi } from 'vitest';
import { alice, Behaviour, bob, clientOf, contextOf, roomNumber, startTiny } from './tiny-service.js';

const opened: { close?(): void; stop?(): Promise<void> }[] = [];
const keep = <T extends (typeof opened)[number]>(thing: T): T => (opened.push(thing), thing);
afterEach(async () => {
  for (const { close, stop } of opened.splice(0)) {
    close?.();
    await stop?.();
  }
});

const unavailable = expect.objectContaining({ dependency: 'presence', reason: 'unavailable', status: 503 });
const room = { roomId: roomNumber(1) };

describe('a service that is away', () => {
  it('is noticed at once, not by waiting for the deadline', async () => {
    const gone = await startTiny();
    await gone.stop();
    const { presence } = keep(clientOf(gone.port));
    for (let call = 0; call < 5; call++) await expect(presence.setTyping(room, contextOf())).rejects.toEqual(unavailable);
    await expect(Promise.all([presence.countOnline(room, contextOf()), presence.countOnline(room, contextOf(bob))])).rejects.toEqual(
      unavailable,
    );
  });

  it('is reached again soon after it is back', async () => {
    const first = await startTiny();
    const { presence } = keep(clientOf(first.port));
    await presence.setTyping(room, contextOf());
    await first.stop();
    await expect(presence.setTyping(room, contextOf())).rejects.toEqual(unavailable);
    keep(await startTiny(new Behaviour(), first.port));
    await vi.waitFor(() => expect(presence.setTyping(room, contextOf())).resolves.toEqual({}), { timeout: 3_000, interval: 50 });
  });
});

describe('a client that was closed', () => {
  it('fails its calls, those that wait to be sent included, and the process goes on', async () => {
    const service = keep(await startTiny());
    const { presence, close } = clientOf(service.port);
    const waiting = [presence.countOnline(room, contextOf()), presence.setTyping(room, contextOf())];
    close();
    await expect(Promise.allSettled(waiting)).resolves.toEqual(Array(2).fill({ status: 'rejected', reason: unavailable }));
    await expect(presence.setTyping(room, contextOf())).rejects.toEqual(unavailable);
  });
});

describe('a call that is content with an old answer', () => {
  it('gets the last good one of its own caller, and says so', async () => {
    const service = await startTiny();
    const { presence } = keep(clientOf(service.port));
    await expect(presence.countOnline(room, contextOf(alice).allowStale(60_000))).resolves.toEqual({ count: 1 });
    await service.stop();

    const again = contextOf(alice).allowStale(60_000);
    await expect(presence.countOnline(room, again)).resolves.toEqual({ count: 1 });
    expect(again.degradations).toEqual([{ dependency: 'presence', reason: 'unavailable' }]);

    await expect(presence.countOnline(room, contextOf(bob).allowStale(60_000))).rejects.toEqual(unavailable);
    await expect(presence.countOnline({ roomId: roomNumber(2) }, contextOf(alice).allowStale(60_000))).rejects.toEqual(unavailable);
    await expect(presence.countOnline(room, contextOf(alice))).rejects.toEqual(unavailable);
  });
});
