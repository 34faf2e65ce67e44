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
import { addPictures, keptPictures, spaceForPictures } from '../evidence/pictures.ts';
import { passTime } from '../privacy/housekeeping.ts';
import { eraseOwnData, exportOwnData } from '../privacy/own-data.ts';
import { readReportOutcome } from '../reports/report-outcome.ts';
import { putHouseRules, readHouseRules } from '../settings/house-rules.ts';
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
import { readConcerned } from './concerned.ts';
import { countUnopenable, countWaiting, readVersion } from './counts.ts';
import { readMembers } from './list-members.ts';
import { showCase } from './show-case.ts';

/**
 * The table of commands. Each command is one transaction with plain data in and out, so that it
 * can run in another thread.
 */
export const COMMANDS = {
  'report.take': takeReport,
  'report.outcome': readReportOutcome,
  'pictures.place': spaceForPictures,
  'pictures.add': addPictures,
  'pictures.kept': keptPictures,
  'picture-keys.list': listPictureKeys,
  'picture-keys.rewrap': rewrapPictures,
  'words.rewrap': rewrapTexts,
  'picture.reveal': revealPicture,
  'reveals.ask': askForMoreReveals,
  'unsealing.ask': askForUnsealing,
  'deletion.ask': askForDeletion,
  'sealed.due': readDueSealed,
  'sessions.clean': countCleanSessions,
  'calls.count': countCalls,
  'pairs.note': notePairs,
  'apart.note': noteApart,
  'apart.read': readApart,
  'person.read': readPeople,
  'anchors.see': seeAnchors,
  'desk.version': readVersion,
  'desk.counts': countWaiting,
  'sealed.unopenable': countUnopenable,
  'trust.read': readTrust,
  'queue.read': readQueue,
  'case.open': openCase,
  'case.show': showCase,
  'case.step': stepCase,
  'case.decide': decideCase,
  'case.undo': undoDecision,
  'hand-over.tick': tickHandOver,
  'approval.list': readApprovals,
  'approval.answer': answerProposal,
  'approval.withdraw': withdrawProposal,
  'appeal.list': readAppeals,
  'appeal.file': fileAppeal,
  'appeal.answer': answerOneAppeal,
  'sanctions.shared': readOwnShared,
  'measures.own': readOwnMeasures,
  'age.own': readOwnAge,
  'sample.list': readSamples,
  'sample.answer': answerSample,
  'decisions.own': readOwnDecisions,
  'warning.own': readOwnWarning,
  'standing.read': readRestrictions,
  'sanction.lift': liftSanction,
  'member.add': addMember,
  'member.remove': removeMember,
  'member.list': listMembers,
  'member.read': readMembers,
  'member.sign-out': endSessionsOf,
  'roles.propose': proposeRoles,
  'link.give': giveSignInLink,
  'link.read': readSignInLink,
  'link.use': useSignInLink,
  'passkey.read': readPasskey,
  'passkey.sign-in': signInByPasskey,
  'passkey.add': addPasskey,
  'passkey.remove': removePasskey,
  'password.try': tryPassword,
  'password.sign-in': signInByPassword,
  'password.set': setPassword,
  'recovery-codes.renew': renewRecoveryCodes,
  'session.read': readSession,
  'session.end': endSession,
  'sign-in.read': readOwnSignIn,
  'setting.put': putSetting,
  'house-rules.put': putHouseRules,
  'house-rules.read': readHouseRules,
  'setting.list': listSettings,
  'subjects.concerned': readConcerned,
  'subject.of-proof': subjectOfProof,
  'subject.export': exportOwnData,
  'subject.erase': eraseOwnData,
  'time.pass': passTime,
  'numbers.read': readNumbers,
  'numbers.public': readPublicNumbers,
  'transparency.read': readTransparency,
  'audit.read': readAudit,
  'audit.verify': verifyAudit,
  'audit.checkpoint': checkpointAudit,
} as const satisfies Readonly<Record<string, (records: Records, input: never) => Promise<unknown>>>;

type Commands = typeof COMMANDS;

export type CommandName = keyof Commands;

type Second<Args extends readonly unknown[]> = Args extends readonly [unknown, infer Input]
  ? Input
  : null;

/** The input type of a command, or null for a command without input. */
export type InputOf<Name extends CommandName> = WithVia<Second<Parameters<Commands[Name]>>>;

type WithVia<Input> = Input extends object ? Input & { readonly via?: Via } : Input;

export type OutcomeOf<Name extends CommandName> = Awaited<ReturnType<Commands[Name]>>;
