import Type from 'typebox';
import { Compile } from 'typebox/schema';
import { DurationMs, Id, type MessagesOf, messages, Seat } from './fields.ts';
import * as limits from './limits.ts';
import { SessionSnapshot, SocketFacts } from './session-snapshot.ts';

/**
 * Version of the messages between nodes. A node ignores a message of another version. A later
 * version may add message types, and nodes of both versions run side by side during an upgrade.
 */
export const NODE_MESSAGE_VERSION = 1;

const v = Type.Literal(NODE_MESSAGE_VERSION);

/** Increases by at least one with each move of a session, also with one that fails. */
const Generation = Type.Integer({ minimum: 1, maximum: 2 ** 31 });

/** A generation, or 0 for a socket whose session isn't known. */
const AnyGeneration = Type.Integer({ minimum: 0, maximum: 2 ** 31 });

/** Name of a socket on the node that has it. */
const Socket = Type.String({ minLength: 1, maxLength: limits.NODE_NAME_CHARS_MAX });

const ClientFrame = Type.String({ maxLength: limits.CLIENT_FRAME_BYTES_MAX });

const attempt = { v, session: Id, generation: Generation };

/**
 * Messages between nodes about sessions whose socket and state are on different nodes. The node
 * with the state is the *home*, and the node with the socket is the *edge*.
 */
export const NODE_SCHEMAS = messages({
  /**
   * Gives a session to the receiver, under a new generation. `match` is the match or the restored
   * call for which the session moves, or null if the receiver fetched the session.
   */
  'session.move': {
    ...attempt,
    match: Type.Union([Id, Type.Null()]),
    /** The sender's socket of the session, or null if the session has none. */
    socket: Type.Union([Socket, Type.Null()]),
    snapshot: SessionSnapshot,
  },
  'session.taken': attempt,
  /** The receiver of a move promises that it will never accept this generation. */
  'session.refused': attempt,
  'session.have': attempt,
  /** The edge requests a session without a call. `generation` is the current one. */
  'session.fetch': { ...attempt, socket: Socket },

  /** Passes a socket with a verified hello to the home of its user's session. */
  'bridge.open': {
    v,
    socket: Socket,
    facts: SocketFacts,
    nonce: Id,
    hello: ClientFrame,
    /** For how long the socket has been open, because the home may have a newer one of the page. */
    openForMs: DurationMs,
  },
  'bridge.up': { v, socket: Socket, text: ClientFrame },
  'bridge.down': {
    v,
    socket: Socket,
    generation: AnyGeneration,
    text: Type.String({ maxLength: limits.UNACKED_CHARS_MAX }),
  },
  /** The home closes the socket. */
  'bridge.close': {
    v,
    socket: Socket,
    generation: AnyGeneration,
    reason: Type.String({ maxLength: 32 }),
  },
  /** The socket was closed or lost. */
  'bridge.closed': { v, socket: Socket, code: Type.Integer({ minimum: 0, maximum: 65_535 }) },
  /** The session has no call any more, so the edge can fetch it. */
  'bridge.free': { ...attempt, socket: Socket },

  /**
   * Asks every node for a session of a user. `rank` orders concurrent questions about one user.
   * `own` is the asker's session of the user.
   */
  'who.subject': {
    v,
    question: Id,
    subject: Id,
    rank: Type.String({ minLength: 1, maxLength: limits.NODE_NAME_CHARS_MAX }),
    own: Type.Optional(Type.Object({ session: Id, generation: Generation })),
  },
  /**
   * `session`: this node is the home of a session under `generation`. `newer`: the asker's `own`
   * session moved on under `generation`, so the asker's copy is out of date. `later`: the session is
   * moving, so the question must be asked again, unless another node has it under this `generation`
   * (0 if it isn't known) or a later one. `yields`: the receiver of this answer must give
   * up, because another socket of the user asks with a larger rank.
   */
  'who.answer': {
    v,
    question: Id,
    has: Type.Enum(['nothing', 'session', 'newer', 'later', 'yields']),
    generation: AnyGeneration,
  },

  /** A user waits to restore a call of a node that died. */
  'restore.waiting': { v, match: Id, seat: Seat },
  /** Tells a node where a user waits that the peer has ended the call. */
  'restore.over': { v, match: Id },
});

export type NodeMessages = MessagesOf<typeof NODE_SCHEMAS>;
export type NodeMessageType = keyof NodeMessages;
export type NodeMessageOf<T extends NodeMessageType> = NodeMessages[T];
export type NodeMessage = NodeMessages[NodeMessageType];

const checks: ReadonlyMap<string, { Check(value: unknown): boolean }> = new Map(
  Object.entries(NODE_SCHEMAS).map(([type, schema]) => [type, Compile(schema)]),
);

/** Checks a message of another node. Returns null if this version of the node doesn't know it. */
export function parseNodeMessage(value: unknown): NodeMessage | null {
  const type = (value as { type?: unknown } | null)?.type;
  const check = typeof type === 'string' ? checks.get(type) : undefined;
  if (check?.Check(value) !== true) return null;
  const message = value as NodeMessage;
  return message.type === 'session.move' && !fits(message.snapshot) ? null : message;
}

/** Whether the frames together are as short as a session may keep. */
function fits({ out }: SessionSnapshot): boolean {
  const chars = out.frames.reduce((sum, frame) => sum + frame.length, 0);
  return chars <= limits.UNACKED_CHARS_MAX;
}
