/** A planted bug: a small change to shipped code that breaks resuming. */
export interface ResumeBug {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** Expected symptoms; which one appears first is random. */
  readonly shows: readonly Sign[];
}

/** Symptoms of a run: a faulty line, a session that did not resume, or a page that is stuck. */
type Sign = 'lost' | 'doubled' | 'reordered' | 'resets' | 'failed';

const HELLO = 'packages/gateway/src/handlers/hello.ts';
const NODE_STREAM = 'packages/gateway/src/stream.ts';
const LIFE = 'packages/gateway/src/session-life.ts';
const PAGE_STREAM = 'apps/web/src/signal/frame-stream.ts';
const PAGE_CLIENT = 'apps/web/src/signal/signal-client.ts';

export const RESUME_BUGS: readonly ResumeBug[] = [
  {
    name: 'the node begins a resume one frame too late',
    file: HELLO,
    find: 'for (const frame of missed)',
    replace: 'for (const frame of missed.slice(1))',
    shows: ['failed'],
  },
  {
    name: 'the node takes what it sent for what the page has',
    file: HELLO,
    find: '  session.out.acknowledge(received);\n',
    replace: '  session.out.acknowledge(session.out.sent);\n',
    shows: ['resets'],
  },
  {
    name: 'the node says that it has one frame more than it has',
    file: HELLO,
    find: 'received: session.in.tell(),',
    replace: 'received: session.in.tell() + 1,',
    shows: ['resets'],
  },
  {
    name: 'the node forgets one frame more than was acknowledged',
    file: NODE_STREAM,
    find: 'this.#frames = this.#frames.slice(count);',
    replace: 'this.#frames = this.#frames.slice(count + 1);',
    shows: ['resets'],
  },
  {
    name: 'the node keeps no frame for a page without a socket',
    file: 'packages/gateway/src/outbox.ts',
    find: '  const fits = session.out.push(frame);\n',
    replace: "  const fits = state.link.state === 'detached' || session.out.push(frame);\n",
    shows: ['lost', 'reordered'],
  },
  {
    name: 'a lost socket ends its session',
    file: LIFE,
    find: '  const atMs = context.now.monotonicMs + RESUME_GRACE_MS;\n',
    replace: '  const atMs = context.now.monotonicMs;\n',
    shows: ['resets'],
  },
  {
    name: 'a hello that comes late takes the session away from where the page is',
    file: HELLO,
    find: 'attached.order > connection.order',
    replace: 'attached.order < 0',
    shows: ['failed'],
  },
  {
    name: 'the page sends nothing again',
    file: PAGE_CLIENT,
    find: 'for (const frame of this.#session.stream.unacknowledged()) this.#attempt?.sendFrame(frame);',
    replace: '',
    shows: ['resets'],
  },
  {
    name: 'the page says again, as something new, what it kept',
    file: PAGE_CLIENT,
    find: 'for (const frame of this.#session.stream.unacknowledged()) this.#attempt?.sendFrame(frame);',
    replace:
      'for (const frame of this.#session.stream.unacknowledged()) this.#attempt?.sendFrame(frame);' +
      'for (const frame of this.#session.stream.unacknowledged()) this.send(JSON.parse(frame));',
    shows: ['doubled'],
  },
  {
    name: 'the page says that it has one frame more than it has',
    file: PAGE_CLIENT,
    find: 'return session.stream.taken;',
    replace: 'return session.stream.taken + 1;',
    shows: ['resets'],
  },
  {
    name: 'the page forgets one frame more than was acknowledged',
    file: PAGE_STREAM,
    find: 'this.#kept[0].seq <= received)',
    replace: 'this.#kept[0].seq <= received + 1)',
    shows: ['resets'],
  },
  {
    name: 'the page keeps nothing that it says without a socket',
    file: PAGE_CLIENT,
    find: 'const frame = this.#session?.stream.push(message) ?? null;',
    replace:
      'const frame = this.#attempt?.stands === true' +
      " ? (this.#session?.stream.push(message) ?? null) : '';",
    shows: ['lost'],
  },
];
