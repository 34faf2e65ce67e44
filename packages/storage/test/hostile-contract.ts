import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type {
  ChallengeId,
  ConsoleSessionId,
  MemberId,
  PasskeyId,
  SignInLinkId,
  TriedName,
} from '@farandole/accounts/ids';
import type { NewPasskey } from '@farandole/accounts/passkeys';
import { brandId, type DeviceKeyId } from '@farandole/kernel/id';
import type {
  AppealId,
  ApprovalId,
  DeviceHash,
  PictureKeyId,
  PushId,
  ReportId,
  SanctionId,
} from '@farandole/moderation/ids';
import { SEALED_KEPT_MS } from '@farandole/moderation/limits';
import { COMMANDS } from '@farandole/moderation/service/commands';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import {
  caseId,
  Desk,
  given,
  matchId,
  member,
  networkId,
  pictureId,
  subject,
} from './support/desk.ts';
import { type MarkedStore, marked } from './support/marked-store.ts';
import { memoryStore } from './support/memory-store.ts';

/**
 * A text with the characters that end a string, identifier, comment, pattern or parameter in
 * SQL.
 */
const HOSTILE = `'"\`;)--/*\\$1?2:a@b%_$$ or 1=1; drop table cases`;

const link = (name: string): SignInLinkId => brandId<SignInLinkId>(`link-${name}`);
const session = (name: string): ConsoleSessionId => brandId<ConsoleSessionId>(`session-${name}`);
const approval = (name: string): ApprovalId => brandId<ApprovalId>(`approval-${name}`);

function passkey(name: string): NewPasskey {
  const id = brandId<PasskeyId>(`passkey-${name}`);
  return { id, publicKey: 'a-key', counter: 0, transports: ['internal'], label: name };
}

async function signInEveryWay({ store, nowMs }: Desk): Promise<void> {
  const olga = member('olga');
  const own = { session: session('olga'), nowMs };
  const other = { nowMs, replaces: null } as const;
  given(await store.run('link.give', { link: link('first'), of: 'owner', by: null, nowMs }));
  given(await store.run('link.read', { link: link('first'), nowMs }));
  const credential = { by: 'passkey', passkey: passkey('one') } as const;
  const used = { link: link('first'), name: 'Olga', freshMember: olga, credential };
  given(await store.run('link.use', { ...used, ...own, replaces: null }));
  given(await store.run('passkey.add', { ...own, passkey: passkey('two') }));
  assert.ok((await store.run('passkey.read', { passkey: passkey('two').id })) !== null);
  const challenge = brandId<ChallengeId>('challenge');
  const answered = { passkey: passkey('two').id, challenge, counter: 1 };
  given(await store.run('passkey.sign-in', { ...answered, ...other, session: session('two') }));
  given(await store.run('passkey.remove', { ...own, passkey: passkey('two').id }));
  const password = { hash: 'hash', secret: 'SECRET', step: 1, recoveryCodes: ['one', 'two'] };
  given(await store.run('password.set', { ...own, password }));
  const tried = brandId<TriedName>('tried');
  const { login } = given(await store.run('password.try', { name: 'Olga', tried, nowMs }));
  assert.equal(login?.hash, 'hash');
  for (const second of [
    { by: 'code', step: 2 },
    { by: 'recovery-code', digest: 'one' },
  ] as const) {
    const right = { member: olga, tried, hash: 'hash', newHash: 'hash', second };
    const came = { ...right, session: session(second.by) };
    given(await store.run('password.sign-in', { ...came, ...other }));
  }
  given(await store.run('recovery-codes.renew', { ...own, digests: ['three'] }));
  assert.ok((await store.run('session.read', { ...own, isActivity: true })) !== null);
  given(await store.run('session.end', { session: session('code'), by: olga, nowMs }));
  await store.run('sign-in.read', { member: olga, nowMs });
  given(await store.run('member.sign-out', { member: olga, by: olga, nowMs }));
}

async function runThePlace(desk: Desk): Promise<void> {
  const { store, nowMs } = desk;
  const ada = await desk.hire('ada', 'admin');
  const roles = ['triage'] as const;
  const asked = { member: await desk.hire('tom', 'rules'), roles, by: ada, nowMs };
  given(await store.run('roles.propose', { ...asked, freshApproval: approval('roles') }));
  given(await desk.answerProposal(approval('roles'), await desk.hire('bob', 'admin'), 'approved'));
  await desk.hire('tim', 'triage');
  given(await store.run('member.remove', { id: member('tom'), by: ada, nowMs }));
  given(await store.run('member.read', { by: ada }));
  await store.run('member.list', null);
  await store.run('backlog.read', { nowMs });
  given(await store.run('setting.put', { name: 'a.setting', value: 'a value', by: ada, nowMs }));
  await store.run('setting.list', null);
  const faulty = { source: 'node', faults: ['disk-full'], channels: ['webhook'] } as const;
  const run = { ...faulty, settled: [], earlier: [] } as const;
  const { settings, send } = await store.run('alerts.run', { ...run, nowMs });
  const change = { ...settings, languages: ['en'], before: 0, by: ada, nowMs };
  given(await store.run('alerts.put', change));
  const alert = send[0]?.alert.id ?? '';
  given(await store.run('alert.acknowledge', { alert, by: ada, nowMs }));
  given(await store.run('alerts.read', { by: ada }));
  await store.run('desk.revision', null);
  await store.run('date.keep', { dateMs: nowMs });
  await store.run('date.read', null);
  await store.run('hours.keep', { hours: 'hours', nowMs });
  await store.run('hours.read', null);
  const push = { id: brandId<PushId>('push'), subject: subject('ada'), mode: 'video' };
  await store.run('push.subscribe', { ...push, sealed: 'sealed', nowMs });
  await store.run('push.claim', { mode: 'video', except: [], limit: 1, nowMs });
  await store.run('push.unsubscribe', push);
  given(
    await store.run('house-rules.put', {
      texts: { en: 'One', fr: 'Une' },
      before: 0,
      by: ada,
      nowMs,
    }),
  );
  await store.run('house-rules.read', null);
  const hours = { door: 'open', hours: [], modes: [], before: 0 } as const;
  given(await store.run('published-hours.put', { ...hours, by: ada, nowMs }));
  await store.run('published-hours.read', null);
}

async function keepCommunities(desk: Desk): Promise<void> {
  const { store, nowMs } = desk;
  const by = await desk.hire('rita', 'rules');
  const of = { name: 'painters', by, nowMs };
  const text = {
    title: 'P',
    language: 'en',
    rules: 'R',
    door: 'code',
  } as const;
  given(await store.run('community.create', { ...of, ...text }));
  given(await store.run('community.change', { ...of, ...text, before: 1 }));
  const code = { id: 'code-0001', label: 'L' };
  const made = { codes: [code], usesMax: 1, expiresAtMs: nowMs + 1 };
  given(await store.run('community.codes', { ...of, ...made }));
  given(await store.run('community.enter', { ...of, code: code.id, device: 'device' }));
  await store.run('community.count', { calls: { painters: 1 }, nowMs });
  await store.run('community.doors', { unless: null });
  given(await store.run('community.list', { by, nowMs }));
  given(await store.run('community.revoke', { ...of, code: code.id }));
  given(await store.run('community.close', of));
}

async function meetAndReport(desk: Desk): Promise<void> {
  const { store, nowMs } = desk;
  const subjects = [subject('ada'), subject('mallory')];
  await desk.see('dorm', 'mallory', 'oscar');
  await desk.pair(1, 'ada', 'mallory');
  const [ada, mallory] = [subject('ada'), subject('mallory')];
  const keyOfAda = brandId<DeviceKeyId>('device-of-ada');
  const mark = { match: matchId(1), side: 'a', mark: 'a-mark' } as const;
  const block = { kind: 'block', ...mark, by: ada, of: mallory, atWallMs: nowMs } as const;
  await store.run('apart.note', { changes: [block] });
  await store.run('apart.read', { what: 'blocks', after: null, limit: 10, nowMs });
  await store.run('person.read', { people: [{ subject: ada, device: keyOfAda }], nowMs });
  await store.run('calls.count', { calls: 3, nowMs });
  await store.run('sessions.clean', { subjects, nowMs });
  await desk.report(1, { note: 'a note', said: ['a line', 'another'] });
  await desk.report(2, { of: 'oscar', note: 'of another' });
  const report = brandId<ReportId>('report-1');
  given(await store.run('pictures.place', { report, nowMs }));
  given(await desk.addPictures(1, 2));
  await desk.storedOf(pictureId(1, 0), pictureId(9, 9));
  await store.run('pictures.import', {
    pictures: [{ id: pictureId(1, 0), sealed: Buffer.from("' or 1=1 --") }],
  });
  const [key] = await store.run('picture-keys.list', null);
  const id = key?.id ?? brandId<PictureKeyId>('none');
  assert.equal(await store.run('picture-keys.rewrap', { keys: [{ id, wrapped: 'w' }], nowMs }), 1);
  await store.run('words.use-keys', { keys: [] });
  given(await store.run('keys.fit', { fingerprint: 'one', textKeys: [''] }));
  const rotating = { id: 'rotating', fromMs: nowMs, sealed: 'sealed' };
  const add = { after: null, add: [rotating], remove: [] };
  assert.deepEqual(await store.run('keys.rotate', add), [rotating]);
  const remove = { after: rotating.id, add: [], remove: [rotating.id] };
  assert.deepEqual(await store.run('keys.rotate', remove), []);
  assert.deepEqual((await store.run('keys.read', null)).rotating, []);
  await store.run('words.rewrap', { to: '', after: null, wraps: 0, nowMs });
  await store.run('trust.read', { subjects });
}

async function decideAndAppeal(desk: Desk): Promise<void> {
  const { store, nowMs } = desk;
  const [ana, ben] = [await desk.hire('ana', 'moderator'), await desk.hire('ben', 'senior')];
  const queue = given(await store.run('queue.read', { by: ana, nowMs })).rows;
  const idOf = (name: string) =>
    queue.find(({ of }) => of.subject === subject(name))?.of.id ?? caseId('none');
  const [first, second] = [idOf('mallory'), idOf('oscar')];
  await store.run('desk.counts', { members: [ana, ben], nowMs });
  given(await desk.reveal(pictureId(1, 0), ana));
  given(await store.run('reveals.ask', { by: ana, freshApproval: approval('more'), nowMs }));
  const waits = await desk.propose(first, ana, 'suspend-permanently', { note: 'for ever' });
  given(await store.run('approval.list', { by: ben, nowMs }));
  given(await store.run('approval.withdraw', { approval: waits, by: ana, nowMs }));
  const undone = await desk.decideNow(first, ana, 'warn', 'too soft');
  given(await store.run('case.undo', { case: first, by: ana, nowMs }));
  const { decision, sanctions } = await desk.decideNow(first, ana, 'suspend-1d', 'a note of Ana’s');
  const dorm = { scope: 'prefix', prefix: networkId('dorm'), family: 'v4', bits: 24 } as const;
  const narrow = await desk.decide(second, ben, 'suspend-1d', { networks: [dorm] });
  assert.ok(narrow.decided === 'now');
  for (const { id } of narrow.sanctions) {
    given(await store.run('sanction.lift', { sanction: id, by: ben, nowMs }));
  }
  const appeal = given(await desk.appeal(decision.id));
  given(await store.run('appeal.list', { by: ben, nowMs }));
  given(await store.run('sample.list', { by: ben, nowMs }));
  const looked = { decision: decision.id, by: ben, agrees: true, nowMs };
  assert.equal((await store.run('sample.answer', looked)).ok, false);
  const answer = { appeal: appeal.id, by: ben, outcome: 'uphold', endsAtMs: null } as const;
  given(await store.run('appeal.answer', { ...answer, nowMs }));
  given(await store.run('case.show', { case: first, by: ana, nowMs }));
  const opening = { subject: subject('written-of'), reason: 'other', by: ana } as const;
  given(await store.run('case.open', { ...opening, freshCase: caseId('opened'), nowMs }));
  await store.run('decisions.own', { by: { decision: undone.decision.id }, nowMs });
  const device = sanctions.find(({ on }) => on.scope === 'device');
  assert.ok(device !== undefined);
  await writeOfShared(desk, device.id, ben);
  await writeOfAge(desk, ben);
}

async function writeOfAge({ store, nowMs }: Desk, by: MemberId): Promise<void> {
  const olaf = subject('olaf');
  const device = brandId<DeviceHash>('device-of-olaf');
  const age = { subject: olaf, device, endsAtMs: nowMs + 1 };
  const said = { text: 'It was a child.', freshAppeal: brandId<AppealId>('age-appeal') };
  const { id: appeal } = given(await store.run('appeal.file', { age, ...said, nowMs }));
  given(await store.run('appeal.list', { by, nowMs }));
  const answer = { appeal, by, outcome: 'overturn', endsAtMs: null, nowMs } as const;
  given(await store.run('appeal.answer', answer));
  assert.ok((await store.run('age.own', { subject: olaf, refusedUntilMs: null, nowMs })) !== null);
}

async function writeOfShared(desk: Desk, sanction: SanctionId, by: MemberId): Promise<void> {
  const { store, nowMs } = desk;
  const nina = { subject: subject('nina'), nowMs };
  const said = { text: 'We are two here.', freshAppeal: brandId<AppealId>('shared-appeal') };
  const { id } = given(await store.run('appeal.file', { ...nina, ...said, sanction }));
  await store.run('sanctions.shared', { ...nina, sanctions: [sanction] });
  await store.run('measures.own', { by: { subject: nina.subject }, nowMs });
  given(
    await store.run('appeal.answer', {
      appeal: id,
      by,
      outcome: 'still-needed',
      endsAtMs: null,
      nowMs,
    }),
  );
}

/** Opens another case, because the earlier ones are decided by now. */
async function handOverAndDestroy(desk: Desk): Promise<void> {
  const { store, nowMs } = desk;
  const [sue, zoe] = [
    await desk.hire('sue', 'child-safety'),
    await desk.hire('zoe', 'child-safety'),
  ];
  const { case: of } = await desk.report(3, { of: 'nemo', note: 'sealed' });
  given(await desk.addPictures(3, 1));
  await desk.reportMinor(4, { of: 'nemo', by: 'bob' });
  const done = { case: of, by: sue, step: 'handed-over', done: true } as const;
  given(await store.run('hand-over.tick', { ...done, nowMs }));
  const picture = pictureId(3, 0);
  const look = { picture, by: sue, freshApproval: approval('look') };
  given(await store.run('unsealing.ask', { ...look, nowMs }));
  given(await desk.answerProposal(approval('look'), zoe, 'approved'));
  given(await desk.reveal(picture, sue));
  await desk.decideNow(of, sue, 'dismiss', 'a note of Sue’s');
  given(await store.run('sealed.due', { by: zoe, nowMs: nowMs + SEALED_KEPT_MS }));
  const shred = { case: of, by: sue, freshApproval: approval('shred') };
  given(await store.run('deletion.ask', { ...shred, nowMs }));
  given(await desk.answerProposal(approval('shred'), zoe, 'approved'));
}

async function lookBack(desk: Desk): Promise<void> {
  const { store } = desk;
  const by: MemberId = await desk.hire('aud', 'auditor');
  for (const name of ['ada', 'mallory', 'oscar']) {
    const nowMs = desk.nowMs;
    await desk.export(subject(name));
    await store.run('decisions.own', { by: { subject: subject(name) }, nowMs });
    await store.run('warning.own', { subject: subject(name), nowMs });
  }
  assert.equal(await store.run('report.outcome', { code: 'CODE-1' }), 'action-taken');
  given(await store.run('subject.of-proof', { report: 'CODE-1' }));
  await store.run('subject.erase', { subject: subject('ada'), nowMs: desk.nowMs });
  for (const what of ['decided', 'erased'] as const) {
    await store.run('subjects.concerned', { what, after: 0 });
  }
  await desk.standing();
  given(await store.run('numbers.read', { by, nowMs: desk.nowMs }));
  const year = { fromMs: 0, toMs: desk.nowMs, page: 0 };
  given(await store.run('transparency.read', { by, ...year }));
  await store.run('numbers.public', { nowMs: desk.nowMs });
  await store.run('desk.version', null);
  desk.nowMs += 100 * 86_400_000;
  await store.run('time.pass', { nowMs: desk.nowMs });
  await desk.export(subject('ada'));
  given(await store.run('audit.read', { by, after: 0 }));
  assert.equal((await store.run('audit.verify', null)).ok, true);
  assert.ok((await store.run('audit.checkpoint', null)) !== null);
}

/** Runs every store command with hostile characters appended to each text. */
async function everything(store: ModerationStore, mark: string): Promise<MarkedStore> {
  const recorded = marked(store, mark);
  const desk = new Desk(recorded);
  try {
    const parts = [signInEveryWay, runThePlace, keepCommunities, meetAndReport, decideAndAppeal];
    for (const part of [...parts, handOverAndDestroy, lookBack]) {
      desk.nowMs += 1_000;
      await part(desk);
    }
  } finally {
    await recorded.close();
  }
  return recorded;
}

export function hostileContract(adapter: string, open: () => Promise<ModerationStore>): void {
  describe(`the store keeps hostile texts unchanged: ${adapter}`, () => {
    it('[ST-9] stores quotes and SQL in each command as plain text', async () => {
      const plain = await everything(memoryStore(), '');
      const hostile = await everything(await open(), HOSTILE);
      assert.deepEqual(hostile.told, plain.told);
      const asked = new Set(hostile.told.map(([name]) => name));
      assert.deepEqual([...asked].sort(), Object.keys(COMMANDS).sort());
      assert.ok(hostile.marks > 200, `it came back ${hostile.marks} times`);
    });
  });
}
