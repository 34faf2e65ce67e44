import type { NodeMessage, NodeMessageType } from '../../src/node-message.ts';
import type { PairNote, SessionSnapshot } from '../../src/session-snapshot.ts';

const SESSION = 'session-0001';
const TOKEN = 'AAAAAAAAAAAAAAAAAAAAAA';
const NOW_MS = 1_700_000_000_000;

const facts = {
  subject: 'subject-0001',
  clientAddress: '203.0.113.7',
  isLocal: false,
  network: { network: 'network-1', parent: 'network-0' },
};

const parted = {
  match: 'match-0001',
  by: 'subject-0001',
  of: 'subject-0002',
  byDevice: 'device-0001',
  ofDevice: 'device-0002',
  ofNetwork: 'network-2',
  atWallMs: NOW_MS,
};

/** One note of each kind. */
export const NOTES: readonly PairNote[] = [
  {
    kind: 'encounter',
    match: 'match-0001',
    subjects: ['subject-0001', 'subject-0002'],
    devices: ['device-0001', 'device-0002'],
    atWallMs: NOW_MS,
  },
  { kind: 'block', side: 'a', mark: 'mark-00001', ofSide: 'c', ...parted },
  {
    kind: 'unblock',
    ...{ match: 'match-0001', side: 'a', mark: 'mark-00001', atWallMs: NOW_MS },
    ...{ by: 'subject-0001', of: 'subject-0002' },
  },
  { kind: 'reported', id: 'report-0001', code: 'ABCD-EFGH', reporterSide: 'b', ...parted },
];

/** One activity of each kind. */
export const ACTIVITIES: readonly SessionSnapshot['activity'][] = [
  { state: 'idle' },
  {
    state: 'searching',
    clientTicket: 'ticket-0001',
    mode: 'video',
    lowest: 'voice',
    role: 'asker',
    question: 'Tea or coffee?',
    policyVersion: 1,
    tier: 'new',
    circle: 'normal',
    interests: ['chess'],
    onlyShared: false,
    languages: ['en'],
    waitedMs: 1_234,
    meeting: { key: 'meeting-0001', seat: 'a', by: 'invitation' },
    community: 'night-painters',
    exchange: { speaks: ['en'], learns: [{ language: 'fr', level: 'B1' }], helps: true },
    offer: 'v=0\r\n',
  },
  { state: 'restoring', receipt: TOKEN, received: [1, 2] },
];

export function snapshotOf(changes: Partial<SessionSnapshot> = {}): SessionSnapshot {
  return {
    session: SESSION,
    device: 'device-0001',
    secret: TOKEN,
    facts,
    out: { acknowledged: 3, frames: ['{"type":"chat.line","seq":4}'] },
    in: { taken: 5, told: 4 },
    credits: [{ kind: 'chat', fullInMs: 500 }],
    age: 'declared',
    onlineTold: 7,
    isDeviceRefusalTold: false,
    activity: { state: 'idle' },
    ended: 'match-0001',
    notes: [],
    ...changes,
  };
}

const attempt = { v: 1, session: SESSION, generation: 2 } as const;

const socket = 'socket-1';

/** One message of each type. */
export const NODE_SAMPLES: { readonly [T in NodeMessageType]: NodeMessage & { type: T } } = {
  'session.move': {
    type: 'session.move',
    ...attempt,
    ...{ match: 'match-0001', socket, snapshot: snapshotOf() },
  },
  'session.taken': { type: 'session.taken', ...attempt },
  'session.refused': { type: 'session.refused', ...attempt },
  'session.have': { type: 'session.have', ...attempt },
  'session.fetch': { type: 'session.fetch', ...attempt, socket },
  'bridge.open': {
    type: 'bridge.open',
    ...{ v: 1, socket, facts, nonce: 'nonce-00000001', hello: '{"type":"session.hello"}' },
    openForMs: 40,
  },
  'bridge.up': { type: 'bridge.up', v: 1, socket, text: '{"type":"link.ack","ack":1}' },
  'bridge.down': { type: 'bridge.down', v: 1, socket, generation: 2, text: '{}' },
  'bridge.close': {
    type: 'bridge.close',
    ...{ v: 1, socket, generation: 2, reason: 'superseded' },
  },
  'bridge.closed': { type: 'bridge.closed', v: 1, socket, code: 1006 },
  'bridge.free': { type: 'bridge.free', ...attempt, socket },
  'who.subject': {
    type: 'who.subject',
    ...{ v: 1, question: 'question-1', subject: 'subject-0001', rank: '1/node/socket' },
    own: { session: 'session-0001', generation: 2 },
  },
  'who.answer': {
    type: 'who.answer',
    ...{ v: 1, question: 'question-1', has: 'session', generation: 2 },
  },
  'restore.waiting': { type: 'restore.waiting', v: 1, match: 'match-0001', seat: 'a' },
  'restore.over': { type: 'restore.over', v: 1, match: 'match-0001' },
};
