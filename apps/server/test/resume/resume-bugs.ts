import { readMutants } from '@farandole/e2e/planting/mutant';

/**
 * Possible symptoms of a planted bug: a faulty line, a session that did not resume, or a page
 * that is stuck.
 */
export const SYMPTOMS = ['lost', 'doubled', 'reordered', 'resets', 'failed'] as const;

/**
 * Planted bugs that break resuming. Each lists its possible symptoms, and at least one of them
 * must appear.
 */
export const RESUME_BUGS = readMutants(
  `
packages/gateway/src/handlers/hello.ts resumeSession
  failed the node begins a resume one frame too late
    session.out.unacknowledged ~> session.out.unacknowledged.slice(1)
  resets the node takes what it sent for what the page has
    session.out.acknowledge(received) ~> session.out.acknowledge(session.out.sent)
  resets the node says that it has one frame more than it has
    session.in.tell() ~> session.in.tell() + 1
packages/gateway/src/handlers/hello.ts isOvertaken
  failed a hello that comes late takes the session away from where the page is
    attached.order > connection.order ~> attached.order < 0
packages/gateway/src/stream.ts acknowledge
  resets the node forgets one frame more than was acknowledged
    this.#frames.slice(count) ~> this.#frames.slice(count + 1)
packages/gateway/src/outbox.ts sendEncoded
  lost,reordered the node keeps no frame for a page without a socket
    session.out.push(frame) ~> state.link.state === 'detached' || session.out.push(frame)
packages/gateway/src/session-life.ts detachSession
  resets a lost socket ends its session
    $A + RESUME_GRACE_MS ~> $A
apps/web/src/signal/signal-client.ts #receiveLink
  resets the page sends nothing again
    drop for (const frame of $A) $B;
  doubled the page says again, as something new, what it kept
    for (const frame of $A) $B; ~> for (const frame of $A) $B queueMicrotask(() => { for (const frame of $A) this.send(JSON.parse(frame)); });
apps/web/src/signal/signal-state.ts tellTaken
  resets the page says that it has one frame more than it has
    stream.taken ~> stream.taken + 1
apps/web/src/signal/signal-client.ts send
  lost the page keeps nothing that it says without a socket
    stream?.push(message) ?? null ~> this.#attempt?.stands === true ? (stream?.push(message) ?? null) : ''
apps/web/src/signal/frame-stream.ts carryAck
  resets the page acknowledges one frame more than it has in a message
    withAck(frame, this.#taken) ~> withAck(frame, this.#taken + 1)
apps/web/src/signal/frame-stream.ts acknowledge
  resets the page forgets one frame more than was acknowledged
    $A.seq <= received ~> $A.seq <= received + 1
`,
  '',
);
