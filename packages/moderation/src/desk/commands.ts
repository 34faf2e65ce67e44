import type { Records } from '../records.ts';
import type { Via } from '../via.ts';
import { seeAnchors } from './anchors.ts';
import { answerOneAppeal, fileAppeal } from './appeals.ts';
import { checkpointAudit, readAudit, verifyAudit } from './audit.ts';
import { stepCase } from './case-steps.ts';
import { readConcerned } from './concerned.ts';
import { countWaiting, readVersion } from './counts.ts';
import { answerProposal, decideCase, withdrawProposal } from './decide.ts';
import { tickHandOver } from './hand-over.ts';
import { putHouseRules, readHouseRules } from './house-rules.ts';
import { passTime } from './housekeeping.ts';
import { addMember, endSessionsOf, listMembers, proposeRoles, removeMember } from './members.ts';
import { moveDate } from './move-date.ts';
import { countCalls, readNumbers } from './numbers.ts';
import { openCase, subjectOfProof } from './open-case.ts';
import { eraseOwnData, exportOwnData } from './own-data.ts';
import { readOwnDecisions } from './own-decisions.ts';
import { readOwnWarning } from './own-warning.ts';
import { notePairs } from './pairs.ts';
import { addPasskey, readPasskey, removePasskey, signInByPasskey } from './passkeys.ts';
import { renewRecoveryCodes, setPassword, signInByPassword, tryPassword } from './passwords.ts';
import { countCleanSessions, readTrust } from './people.ts';
import { listPictureKeys, rewrapPictures } from './picture-keys.ts';
import { addPictures, keptPictures, placeForPictures } from './pictures.ts';
import { readPublicNumbers } from './public-numbers.ts';
import { answerSample, readSamples } from './quality-sample.ts';
import { readQueue } from './queue.ts';
import { readReportOutcome } from './report-outcome.ts';
import { askForMoreReveals, revealPicture } from './reveal-picture.ts';
import { undoDecision } from './reverse.ts';
import { endSession, readSession } from './sessions.ts';
import { listSettings, putSetting } from './settings.ts';
import {
  answerSharedAppeal,
  fileSharedAppeal,
  readOwnShared,
  readSharedAppeals,
} from './shared-appeals.ts';
import { showCase } from './show-case.ts';
import { readOwnSignIn } from './sign-in-data.ts';
import { giveSignInLink, readMembers, readSignInLink, useSignInLink } from './sign-in-links.ts';
import { liftSanction, readStanding } from './standing.ts';
import { takeReport } from './take-report.ts';
import { readTransparency } from './transparency.ts';
import { askForDeletion, askForUnsealing, readDueSealed } from './unseal.ts';
import { readAppeals, readApprovals } from './waiting.ts';
import { rewrapWords } from './words-key.ts';

/**
 * All that can be done with what is kept. Each is one transaction over `Records`, and takes and
 * gives plain data, so that it can run in another thread than whoever asks for it.
 */
export const COMMANDS = {
  'report.take': takeReport,
  'report.outcome': readReportOutcome,
  'pictures.place': placeForPictures,
  'pictures.add': addPictures,
  'pictures.kept': keptPictures,
  'picture-keys.list': listPictureKeys,
  'picture-keys.rewrap': rewrapPictures,
  'words.rewrap': rewrapWords,
  'picture.reveal': revealPicture,
  'reveals.ask': askForMoreReveals,
  'unsealing.ask': askForUnsealing,
  'deletion.ask': askForDeletion,
  'sealed.due': readDueSealed,
  'sessions.clean': countCleanSessions,
  'calls.count': countCalls,
  'pairs.note': notePairs,
  'anchors.see': seeAnchors,
  'desk.version': readVersion,
  'desk.counts': countWaiting,
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
  'shared-appeal.own': readOwnShared,
  'shared-appeal.file': fileSharedAppeal,
  'shared-appeal.list': readSharedAppeals,
  'shared-appeal.answer': answerSharedAppeal,
  'sample.list': readSamples,
  'sample.answer': answerSample,
  'decisions.own': readOwnDecisions,
  'warning.own': readOwnWarning,
  'standing.read': readStanding,
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
  'date.move': moveDate,
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

/** What a command takes; null for one that takes nothing. */
export type InputOf<Name extends CommandName> = WithVia<Second<Parameters<Commands[Name]>>>;

type WithVia<Input> = Input extends object ? Input & { readonly via?: Via } : Input;

export type OutcomeOf<Name extends CommandName> = Awaited<ReturnType<Commands[Name]>>;
