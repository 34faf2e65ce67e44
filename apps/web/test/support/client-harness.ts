import { createPrng } from '@farandole/kernel/prng';
import { FakeNode, fakeDeviceKey, fakeProve } from '../../src/fakes/fake-node.ts';
import { FakeTime } from '../../src/fakes/fake-time.ts';
import type { Outgoing } from '../../src/signal/frame-stream.ts';
import type { Prove } from '../../src/signal/ports.ts';
import { SignalClient } from '../../src/signal/signal-client.ts';
import type { RoutedMessage, SignalState } from '../../src/signal/signal-state.ts';

/** A signal client and a fake node. Records all messages of both. */
export interface ClientHarness {
  readonly time: FakeTime;
  readonly node: FakeNode;
  readonly client: SignalClient;
  readonly states: SignalState[];
  /** Called with each new state, as a feature of the page. */
  entered: (state: SignalState) => void;
  readonly heard: RoutedMessage[];
  /** Progress values (0 to 1) of proofs of work that the client reported. */
  readonly proved: (number | null)[];
  /** Number of solvers that the client prepared, and of those that it dismissed. */
  readonly solvers: { prepared: number; dismissed: number };
  readonly opened: () => number;
  readonly setOnline: (online: boolean) => void;
}

/**
 * @param unit returns a random number from 0 to below 1; by default a seeded generator
 * @param prove solves challenges; by default at once
 */
export function clientHarness(
  seed = 1,
  unit?: () => number,
  prove: Prove = fakeProve,
): ClientHarness {
  const time = new FakeTime();
  const node = new FakeNode();
  time.addPump(node.link.pump);
  const prng = createPrng(seed);
  const states: SignalState[] = [];
  const heard: RoutedMessage[] = [];
  const proved: (number | null)[] = [];
  const solvers = { prepared: 0, dismissed: 0 };
  let opened = 0;
  let online = true;
  const listeners = new Set<() => void>();
  const client = new SignalClient(
    {
      api: node.api,
      openSocket: node.link.openSocket,
      prepareProof: () => {
        solvers.prepared += 1;
        return () => {
          solvers.dismissed += 1;
        };
      },
      prove,
      deviceKey: () => Promise.resolve(fakeDeviceKey('one')),
      clock: time,
      scheduler: time,
      connectivity: {
        online: () => online,
        listen: (changed) => {
          listeners.add(changed);
          return () => listeners.delete(changed);
        },
      },
      unit: unit ?? (() => prng.unit()),
    },
    {
      stateChanged: (state) => {
        states.push(state);
        harness.entered(state);
      },
      ticketGiven: () => {},
      proving: (share) => proved.push(share),
      iceServers: () => {},
      sessionOpened: () => {
        opened += 1;
      },
      message: (message) => heard.push(message),
    },
  );
  const harness: ClientHarness = {
    time,
    node,
    client,
    states,
    entered: () => {},
    heard,
    proved,
    solvers,
    opened: () => opened,
    setOnline: (next) => {
      online = next;
      for (const changed of listeners) changed();
    },
  };
  return harness;
}

/** Returns the n-th message of a series of distinct messages. */
export function nthMessage(n: number): Outgoing {
  return { type: 'ticket.widen', ticket: `ticket-${String(n).padStart(4, '0')}` };
}
