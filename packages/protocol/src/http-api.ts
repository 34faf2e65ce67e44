/**
 * The page's HTTP API: same-origin POST requests with JSON, except for pictures. An error
 * response is an `HttpProblem`.
 */

import type { LanguageTag } from '@farandole/kernel/language';
import type { AgeState, Ice, Mode, ReportReason } from './fields.ts';
import type { ShieldRules } from './shield-rules.ts';

export const SESSION_TICKET_PATH = '/api/session-ticket';
export const ICE_SERVERS_PATH = '/api/ice-servers';
export const REPORT_OUTCOME_PATH = '/api/report-outcome';
export const OWN_WARNING_PATH = '/api/own-warning';
export const OWN_DATA_PATH = '/api/own-data';
export const NOTIFICATIONS_PATH = '/api/notifications';
/** Prefix of the address of an hour's calendar file: `/hours/ID.ics`. */
export const HOUR_CALENDAR_PATH = '/hours';
export const REPORT_PICTURES_PATH = '/api/report-pictures';
export const COMMUNITY_PATH = '/api/community';
/** Prefix of the address of a community's page. The community's name follows. */
export const COMMUNITY_PAGE_PREFIX = '/in/';
export const SOCKET_PATH = '/ws';
/** Path of a page without scripts on which a user reads a decision and appeals. */
export const APPEAL_PATH = '/appeal';
/**
 * Prefix of codes for a user whose shared network or device was banned by a decision about
 * another user. Each code works for one user only.
 */
export const SHARED_CODE_PREFIX = 'near-';
/** Prefix of codes for a restriction that software set before any decision. */
export const MEASURE_CODE_PREFIX = 'auto-';
/** Codes for an age refusal by device key; bound to their recipient. */
export const AGE_CODE_PREFIX = 'age-';

/**
 * How the connections of two users may run. The decision record on IP addresses explains the
 * modes.
 */
export type RelayMode = 'direct' | 'until-consent' | 'always' | 'fallback';

/**
 * The ICE servers of a session, in `session.opened` and in the response of POST
 * `/api/ice-servers`. The list is empty if the node has no TURN server, and has no TURN
 * credentials if the user's network used up its budget for them. The page fetches new ones before
 * `expiresInMs` is over.
 */
export type IceServersReply = Ice;
export type IceServer = Ice['iceServers'][number];

/**
 * WebSocket subprotocol that the server selects. The page offers it together with a token:
 * `new WebSocket(url, [SUBPROTOCOL, token])`. The token is a session ticket or the secret of the
 * session that the page resumes. Without a valid token the server refuses the upgrade with the
 * HTTP status 401.
 */
export const SUBPROTOCOL = 'farandole';

/** Body of POST `/api/session-ticket`. */
export interface SessionTicketRequest {
  /**
   * Secret of the session that the page wants to resume. The page sends it if the socket for a
   * resume failed to open, because a browser doesn't show whether the server refused the resume.
   */
  readonly resume?: string;
  readonly proof?: Proof;
}

/**
 * Response of POST `/api/session-ticket`, with the HTTP status 200 in each case:
 * - `resumes`: the session of `resume` still exists, so the page needs no ticket;
 * - `challenge`: the page must solve the challenge and repeat the request with the proof;
 * - `ticket`: the session ticket.
 */
export type SessionTicketAnswer = SessionTicketReply | ProofNeededReply | SessionResumesReply;

export interface SessionResumesReply {
  readonly resumes: true;
}

export interface ProofNeededReply {
  readonly challenge: ProofChallenge;
  /** Maximum number of tries that the solver needs to find the solution. */
  readonly attemptsMax: number;
}

/**
 * A proof of work in the format of ALTCHA, version 2: the smallest counter for which PBKDF2 of
 * `nonce` and counter has the prefix `keyPrefix`.
 */
export interface ProofChallenge {
  readonly parameters: {
    readonly algorithm: string;
    readonly nonce: string;
    readonly salt: string;
    readonly cost: number;
    readonly keyLength: number;
    readonly keyPrefix: string;
    readonly keySignature: string;
    /** Unix time in seconds after which the server refuses the proof. */
    readonly expiresAt: number;
  };
  readonly signature: string;
}

export interface Proof {
  readonly challenge: ProofChallenge;
  readonly solution: { readonly counter: number; readonly derivedKey: string };
}

/**
 * Response that contains a session ticket. It sets the user's cookie if the browser has none.
 */
export interface SessionTicketReply {
  /** Session ticket, valid for one socket and one hello message. */
  readonly ticket: string;
  readonly ticketExpiresInMs: number;
  readonly server: ServerFacts;
}

export interface ServerFacts {
  readonly relay: RelayMode;
  /** False if the server has no TURN server, so that users behind some networks can't connect. */
  readonly hasTurn: boolean;
  /**
   * Bit rate that each user may send through the relay, in kb/s. Null or absent without a limit.
   */
  readonly relayKbpsMax?: number | null;
  readonly ageRequired: AgeState;
  readonly policyVersion: number;
  /** An `http:` or `https:` address of the source code, or null if none is set. */
  readonly sourceUrl: string | null;
  readonly operator: OperatorFacts;
  readonly helpLines: HelpLines;
  readonly shield: ShieldRules;
  readonly pictures: boolean;
  readonly desk: DeskFacts;
  readonly houseRules: HouseRules | null;
  readonly busiest: HourSpan | null;
  /**
   * The server's public key for push services (RFC 8292, base64url). Null if the operator has
   * turned notifications off. Absent from a server of an earlier version.
   */
  readonly pushKey?: string | null;
  /** The published hours. Null or absent if no hour is left. */
  readonly hours?: HoursFacts | null;
}

export interface HoursFacts {
  /** What the server offers outside the hours. */
  readonly door: 'open' | 'text' | 'closed';
  /** The hour that is on, or the next one. */
  readonly next: HourFacts;
}

/** An hour. Its times count from the response, because the page's clock may be wrong. */
export interface HourFacts {
  readonly id: string;
  readonly title: string;
  readonly mode: Mode;
  /** 0 if the hour is on. */
  readonly startsInMs: number;
  readonly endsInMs: number;
}

/**
 * The version of the house rules, and their plain text by language tag. An empty or missing text
 * means that there are no rules in that language.
 */
export interface HouseRules {
  readonly version: number;
  readonly [tag: LanguageTag]: string | number;
}

export type HouseTexts = Readonly<Record<LanguageTag, string>>;

export function houseTexts(rules: Readonly<Record<string, string | number>>): HouseTexts {
  return Object.fromEntries(
    Object.entries(rules).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

/** A span of hours of every day in UTC. It may cross midnight. */
export interface HourSpan {
  readonly fromUtcHour: number;
  readonly hours: number;
}

/**
 * Figures about moderation. They are rounded, so that no single case is visible. A figure is
 * null without enough data.
 */
export interface DeskFacts {
  /**
   * Median time in hours from the first report to the decision. Times above a day are rounded to
   * whole days.
   */
  readonly halfWithinHours: number | null;
  /** Percentage of answered appeals that overturned the decision. */
  readonly overturnedPercent: number | null;
}

export interface OperatorFacts {
  readonly name: string | null;
  /** A `mailto:`, `http:` or `https:` address of the operator. */
  readonly contact: string | null;
}

/**
 * Web addresses or `tel:` numbers of help lines. For null, the page links an international
 * directory.
 */
export interface HelpLines {
  readonly anybody: string | null;
  readonly children: string | null;
}

/** Body of POST `/api/ice-servers`. */
export interface IceServersRequest {
  readonly receipt: string;
}

/**
 * Body of POST `/api/report-outcome`. The page sends it without the cookie, so that the request
 * doesn't identify the reporter.
 */
export interface ReportOutcomeRequest {
  /** The outcome token of the report, from `report.accepted`. */
  readonly outcome: string;
}

export interface ReportOutcomeReply {
  readonly state: ReportOutcome;
}

/**
 * Progress of a report. `in-review` means that a moderator has opened the case. `action-taken`
 * and `no-breach` take appeals into account.
 */
export type ReportOutcome = 'received' | 'in-review' | 'action-taken' | 'no-breach' | 'gone';

/**
 * Response of POST `/api/own-warning` with the body `{}`: the newest active warning of the
 * cookie's user.
 */
export interface OwnWarningReply {
  readonly warning: OwnWarning | null;
}

export interface OwnWarning {
  readonly atMs: number;
  readonly reason: ReportReason;
}

/**
 * Body of POST `/api/own-data`, with which users request their stored data. A user proves
 * identity either by the cookie and a new session ticket, which only our page can read, or by a
 * recovery code without the cookie.
 */
export type OwnDataRequest = {
  readonly do: OwnDataAct;
} & ({ readonly ticket: string } | { readonly code: string });

/**
 * What a user requests: `export` returns all data as JSON, `code` returns a recovery code, and
 * `erase` returns a summary of the deleted data.
 */
export type OwnDataAct = 'export' | 'erase' | 'code';

/** The user's recovery code. It is the same at each request, and the server doesn't store it. */
export interface OwnDataCodeReply {
  readonly code: string;
}

export interface OwnDataErasedReply {
  readonly reports: number;
  /**
   * Whether the server keeps some text until a decision is made, or while a decision about the
   * text is in force.
   */
  readonly waits: boolean;
}

/**
 * Body of POST `/api/notifications`: asks the server to notify this browser when someone searches
 * in a mode or when the next hour begins, or to stop. The endpoint is the browser's address at its push service.
 */
export type NotificationsRequest =
  | {
      readonly do: 'start';
      readonly endpoint: string;
      readonly mode: Mode | 'hour';
      /** A receipt of the session. */
      readonly receipt: string;
      /** Name of the community of the hour. Only with the mode `hour`. */
      readonly community?: string;
    }
  /**
   * With the mode `hour`, only the reminder of the next hour in the community or the open pool
   * ends.
   */
  | {
      readonly do: 'stop';
      readonly endpoint: string;
      readonly mode?: 'hour';
      readonly community?: string;
    };

/** Response to `start`. The server forgets the endpoint after this time. */
export interface NotificationsReply {
  readonly untilMs: number;
}

/** Body of POST `/api/community`: asks what a community is, or exchanges a code for a pass. */
export type CommunityRequest =
  | { readonly do: 'show'; readonly name: string }
  | {
      readonly do: 'enter';
      readonly name: string;
      readonly code: string;
      /** A receipt of the session. The pass is bound to the session's device key. */
      readonly receipt: string;
    };

/** Response to `show`. Null if the community is closed or unknown. */
export interface CommunityReply {
  readonly community: CommunityFacts | null;
}

export interface CommunityFacts {
  readonly name: string;
  readonly title: string;
  /** Language of the title and the rules, as a BCP 47 tag. */
  readonly language: string;
  /** Plain text. Empty if the community has no rules of its own. */
  readonly rules: string;
  /** Version of title and rules, which a search names. */
  readonly version: number;
  readonly needsCode: boolean;
  /** The community's own hours. Null or absent if no hour is left. */
  readonly hours?: HoursFacts | null;
}

/**
 * Response to `enter`. The refusal `wrong-code` is the same for a code that never worked, that
 * expired, that is used up and that was revoked.
 */
export type CommunityEntry =
  | { readonly pass: string; readonly endsAtMs: number }
  | { readonly refused: 'gone' | 'wrong-code' };

export interface HttpProblem {
  readonly error: string;
  /** A sentence that the page can show to the user. */
  readonly detail: string;
}
