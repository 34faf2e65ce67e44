import { addMember, endSessionsOf, listMembers, removeMember } from '@farandole/accounts/members';
import { readOwnSignIn } from '@farandole/accounts/own-sign-in';
import {
  addPasskey,
  readPasskey,
  removePasskey,
  signInByPasskey,
} from '@farandole/accounts/passkeys';
import {
  renewRecoveryCodes,
  setPassword,
  signInByPassword,
  tryPassword,
} from '@farandole/accounts/passwords';
import { endSession, readSession } from '@farandole/accounts/sessions';
import { giveSignInLink, readSignInLink, useSignInLink } from '@farandole/accounts/sign-in-links';
import { acknowledgeAlert, readAlerts } from '../alerts/acknowledge.ts';
import { putAlertSettings } from '../alerts/alert-settings.ts';
import { runAlerts } from '../alerts/run-alerts.ts';
import { noteApart } from '../apart/note-apart.ts';
import { readApart } from '../apart/read-apart.ts';
import { readOwnAge } from '../appeals/age-appeals.ts';
import { answerOneAppeal } from '../appeals/answer-appeal.ts';
import { fileAppeal } from '../appeals/file-appeal.ts';
import { readOwnDecisions } from '../appeals/own-decisions.ts';
import { readOwnMeasures } from '../appeals/own-measures.ts';
import { readOwnShared } from '../appeals/own-shared.ts';
import { readOwnWarning } from '../appeals/own-warning.ts';
import { readAppeals } from '../appeals/waiting-appeals.ts';
import { answerProposal, withdrawProposal } from '../approvals/answer-proposal.ts';
import { proposeRoles } from '../approvals/propose-roles.ts';
import { readApprovals } from '../approvals/waiting-approvals.ts';
import { stepCase } from '../cases/case-steps.ts';
import { decideCase } from '../cases/decide.ts';
import { tickHandOver } from '../cases/hand-over.ts';
import { openCase, subjectOfProof } from '../cases/open-case.ts';
import { answerSample, readSamples } from '../cases/quality-sample.ts';
import { readQueue } from '../cases/queue.ts';
import { liftSanction, readRestrictions } from '../cases/restrictions.ts';
import { takeReport } from '../cases/take-report.ts';
import { undoDecision } from '../cases/undo.ts';
import { askForMoreReveals, revealPicture } from '../disclosure/reveal-picture.ts';
import { askForDeletion, askForUnsealing, readDueSealed } from '../disclosure/unseal.ts';
import { listPictureKeys, rewrapPictures, rewrapTexts } from '../evidence/keys.ts';
import {
  addPictures,
  importPictures,
  readPictureBytes,
  spaceForPictures,
} from '../evidence/pictures.ts';
import { passTime } from '../privacy/housekeeping.ts';
import { eraseOwnData, exportOwnData } from '../privacy/own-data.ts';
import { claimPushes, subscribePush, unsubscribePush } from '../push/subscriptions.ts';
import { readReportOutcome } from '../reports/report-outcome.ts';
import {
  changeCommunity,
  closeCommunity,
  countCommunityCalls,
  createCommunity,
  listCommunities,
  readDoors,
} from '../settings/communities.ts';
import {
  enterCommunity,
  giveCommunityCodes,
  revokeCommunityCode,
} from '../settings/community-codes.ts';
import { putHours, readPublishedHours } from '../settings/hours.ts';
import { putHouseRules, readHouseRules } from '../settings/house-rules.ts';
import { keepDate, keepHours, readDate, readHours } from '../settings/server-state.ts';
import { listSettings, putSetting } from '../settings/settings.ts';
import { checkpointAudit, readAudit, verifyAudit } from '../stats/audit.ts';
import { countCalls, readNumbers } from '../stats/numbers.ts';
import { readPublicNumbers } from '../stats/public-numbers.ts';
import { readTransparency } from '../stats/read-transparency.ts';
import type { Records } from '../store/records.ts';
import type { Via } from '../store/via.ts';
import { seeAnchors } from '../trust/anchors.ts';
import { notePairs } from '../trust/pairs.ts';
import { countCleanSessions, readTrust } from '../trust/people.ts';
import { readPeople } from '../trust/read-people.ts';
import { readBacklog } from './backlog.ts';
import { readConcerned } from './concerned.ts';
import { countWaiting, readRevision, readVersion } from './counts.ts';
import { readMembers } from './list-members.ts';
import { fitKeys, readServerKeys, rotateServerKeys, useTextKeys } from './server-keys.ts';
import { showCase } from './show-case.ts';

/**
 * What a command may do to the store:
 * - `read` writes nothing.
 * - `ledger` writes, but appends no audit row. The store may run it while other commands run.
 * - `audit` may append audit rows. The store runs one at a time, on all nodes together.
 */
export type CommandKind = 'read' | 'ledger' | 'audit';

type Run = (records: Records, input: never) => Promise<unknown>;

interface Command<Kind extends CommandKind, Of extends Run> {
  readonly kind: Kind;
  readonly run: Of;
}

function read<Of extends Run>(run: Of): Command<'read', Of> {
  return { kind: 'read', run };
}

function ledger<Of extends Run>(run: Of): Command<'ledger', Of> {
  return { kind: 'ledger', run };
}

function audit<Of extends Run>(run: Of): Command<'audit', Of> {
  return { kind: 'audit', run };
}

/**
 * The table of commands. Each command is one transaction with plain data in and out, so that it
 * can run in another thread, and runs again if the database rolled it back.
 */
export const COMMANDS = {
  'report.take': audit(takeReport),
  'report.outcome': read(readReportOutcome),
  'pictures.place': read(spaceForPictures),
  'pictures.add': audit(addPictures),
  'pictures.bytes': read(readPictureBytes),
  'pictures.import': ledger(importPictures),
  'picture-keys.list': read(listPictureKeys),
  'picture-keys.rewrap': audit(rewrapPictures),
  'words.rewrap': audit(rewrapTexts),
  'words.use-keys': read(useTextKeys),
  'keys.fit': audit(fitKeys),
  'keys.read': read(readServerKeys),
  'keys.rotate': audit(rotateServerKeys),
  'picture.reveal': audit(revealPicture),
  'reveals.ask': audit(askForMoreReveals),
  'unsealing.ask': audit(askForUnsealing),
  'deletion.ask': audit(askForDeletion),
  'sealed.due': read(readDueSealed),
  'sessions.clean': ledger(countCleanSessions),
  'calls.count': ledger(countCalls),
  'pairs.note': ledger(notePairs),
  'apart.note': ledger(noteApart),
  'apart.read': read(readApart),
  'person.read': read(readPeople),
  'anchors.see': ledger(seeAnchors),
  'desk.version': read(readVersion),
  'desk.revision': read(readRevision),
  'desk.counts': read(countWaiting),
  'backlog.read': read(readBacklog),
  'trust.read': read(readTrust),
  'queue.read': read(readQueue),
  'case.open': audit(openCase),
  'case.show': audit(showCase),
  'case.step': audit(stepCase),
  'case.decide': audit(decideCase),
  'case.undo': audit(undoDecision),
  'hand-over.tick': audit(tickHandOver),
  'approval.list': audit(readApprovals),
  'approval.answer': audit(answerProposal),
  'approval.withdraw': audit(withdrawProposal),
  'appeal.list': audit(readAppeals),
  'appeal.file': audit(fileAppeal),
  'appeal.answer': audit(answerOneAppeal),
  'sanctions.shared': read(readOwnShared),
  'measures.own': read(readOwnMeasures),
  'age.own': read(readOwnAge),
  'sample.list': read(readSamples),
  'sample.answer': audit(answerSample),
  'decisions.own': read(readOwnDecisions),
  'warning.own': read(readOwnWarning),
  'standing.read': read(readRestrictions),
  'sanction.lift': audit(liftSanction),
  'member.add': audit(addMember),
  'member.remove': audit(removeMember),
  'member.list': read(listMembers),
  'member.read': read(readMembers),
  'member.sign-out': audit(endSessionsOf),
  'roles.propose': audit(proposeRoles),
  'link.give': audit(giveSignInLink),
  'link.read': read(readSignInLink),
  'link.use': audit(useSignInLink),
  'passkey.read': read(readPasskey),
  'passkey.sign-in': audit(signInByPasskey),
  'passkey.add': audit(addPasskey),
  'passkey.remove': audit(removePasskey),
  'password.try': ledger(tryPassword),
  'password.sign-in': audit(signInByPassword),
  'password.set': audit(setPassword),
  'recovery-codes.renew': audit(renewRecoveryCodes),
  'session.read': ledger(readSession),
  'session.end': audit(endSession),
  'sign-in.read': read(readOwnSignIn),
  'setting.put': audit(putSetting),
  'house-rules.put': audit(putHouseRules),
  'house-rules.read': read(readHouseRules),
  'published-hours.put': audit(putHours),
  'published-hours.read': read(readPublishedHours),
  'alerts.put': audit(putAlertSettings),
  'alerts.read': read(readAlerts),
  'alerts.run': ledger(runAlerts),
  'alert.acknowledge': audit(acknowledgeAlert),
  'setting.list': read(listSettings),
  'community.create': audit(createCommunity),
  'community.change': audit(changeCommunity),
  'community.close': audit(closeCommunity),
  'community.list': read(listCommunities),
  'community.doors': read(readDoors),
  'community.codes': audit(giveCommunityCodes),
  'community.revoke': audit(revokeCommunityCode),
  'community.enter': audit(enterCommunity),
  'community.count': ledger(countCommunityCalls),
  'date.read': read(readDate),
  'date.keep': ledger(keepDate),
  'hours.read': read(readHours),
  'hours.keep': ledger(keepHours),
  'push.subscribe': ledger(subscribePush),
  'push.unsubscribe': ledger(unsubscribePush),
  'push.claim': ledger(claimPushes),
  'subjects.concerned': read(readConcerned),
  'subject.of-proof': read(subjectOfProof),
  'subject.export': read(exportOwnData),
  'subject.erase': audit(eraseOwnData),
  'time.pass': audit(passTime),
  'numbers.read': read(readNumbers),
  'numbers.public': read(readPublicNumbers),
  'transparency.read': read(readTransparency),
  'audit.read': read(readAudit),
  'audit.verify': read(verifyAudit),
  'audit.checkpoint': read(checkpointAudit),
} as const satisfies Readonly<Record<string, Command<CommandKind, Run>>>;

type Commands = typeof COMMANDS;

export type CommandName = keyof Commands;

type Second<Args extends readonly unknown[]> = Args extends readonly [unknown, infer Input]
  ? Input
  : null;

/** The input type of a command, or null for a command without input. */
export type InputOf<Name extends CommandName> = WithVia<Second<Parameters<Commands[Name]['run']>>>;

type WithVia<Input> = Input extends object ? Input & { readonly via?: Via } : Input;

export type OutcomeOf<Name extends CommandName> = Awaited<ReturnType<Commands[Name]['run']>>;
