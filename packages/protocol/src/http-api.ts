/** The page's HTTP API: same-origin JSON POSTs, except pictures; errors are `HttpProblem`. */

import type { LanguageTag } from '@farandole/kernel/language';
import type { AgeState, ReportReason } from './fields.ts';
import type { ShieldRules } from './shield-rules.ts';

export const SESSION_TICKET_PATH = '/api/session-ticket';
export const ICE_SERVERS_PATH = '/api/ice-servers';
export const REPORT_OUTCOME_PATH = '/api/report-outcome';
export const OWN_WARNING_PATH = '/api/own-warning';
export const OWN_DATA_PATH = '/api/own-data';
export const REPORT_PICTURES_PATH = '/api/report-pictures';
export const SOCKET_PATH = '/ws';
/** A script-free page of the node, where a user reads a decision and appeals. */
export const APPEAL_PATH = '/appeal';
/** Codes for another user's decision on a shared network or device; bound to their recipient. */
export const SHARED_CODE_PREFIX = 'near-';
/** Codes for a measure by software, before any decision. */
export const MEASURE_CODE_PREFIX = 'auto-';
/** Codes for an age refusal by device key; bound to their recipient. */
export const AGE_CODE_PREFIX = 'age-';

/** How two users may connect; see docs/decisions on addresses. */
export type RelayMode = 'direct' | 'until-consent' | 'always' | 'fallback';

export interface IceServer {
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

export interface IceServersReply {
  readonly iceServers: readonly IceServer[];
  /** Fetch new servers before this time; empty list if the node has no TURN. */
  readonly expiresInMs: number;
}

/** POST `/api/session-ticket` with `{}`; sets the cookie if missing. */
export interface SessionTicketReply extends IceServersReply {
  /** Valid for one hello. */
  readonly ticket: string;
  readonly ticketExpiresInMs: number;
  readonly server: ServerFacts;
}

export interface ServerFacts {
  readonly relay: RelayMode;
  /** False: users behind some networks can't connect. */
  readonly hasTurn: boolean;
  readonly ageRequired: AgeState;
  readonly policyVersion: number;
  /** An `http:` or `https:` address; null if unset. */
  readonly sourceUrl: string | null;
  readonly operator: OperatorFacts;
  readonly helpLines: HelpLines;
  readonly shield: ShieldRules;
  readonly pictures: boolean;
  readonly desk: DeskFacts;
  readonly houseRules: HouseRules | null;
  readonly busiest: HourSpan | null;
}

/** The version, and the plain text by language tag; empty or missing means none. */
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

/** Hours of every day in UTC; may span midnight. */
export interface HourSpan {
  readonly fromUtcHour: number;
  readonly hours: number;
}

/** Rounded, so that no single case is visible; null without enough data. */
export interface DeskFacts {
  /** Median time from first report to decision; above a day in whole days. */
  readonly halfWithinHours: number | null;
  /** Share of answered appeals that overturned the decision. */
  readonly overturnedPercent: number | null;
}

export interface OperatorFacts {
  readonly name: string | null;
  /** A `mailto:`, `http:` or `https:` address. */
  readonly contact: string | null;
}

/** Help lines: web addresses or `tel:`. Null: the page links an international directory. */
export interface HelpLines {
  readonly anybody: string | null;
  readonly children: string | null;
}

/** POST `/api/ice-servers`. */
export interface IceServersRequest {
  readonly receipt: string;
}

/** POST `/api/report-outcome`: without the cookie, so that the reporter stays unidentified. */
export interface ReportOutcomeRequest {
  /** The outcome token of `report.accepted`. */
  readonly outcome: string;
}

export interface ReportOutcomeReply {
  readonly state: ReportOutcome;
}

/** `in-review`: opened by a moderator. `action-taken`, `no-breach`: after any appeal. */
export type ReportOutcome = 'received' | 'in-review' | 'action-taken' | 'no-breach' | 'gone';

/** POST `/api/own-warning` with `{}`: the warning for this cookie's user. */
export interface OwnWarningReply {
  readonly warning: OwnWarning | null;
}

export interface OwnWarning {
  readonly atMs: number;
  readonly reason: ReportReason;
}

/**
 * POST `/api/own-data`: the user's stored data. A user proves identity by the cookie and a fresh
 * session ticket, which only our page can read; or by a recovery code without the cookie.
 */
export type OwnDataRequest = {
  readonly do: OwnDataAct;
} & ({ readonly ticket: string } | { readonly code: string });

/** `export` returns all data as JSON, `code` a recovery code, `erase` what was deleted. */
export type OwnDataAct = 'export' | 'erase' | 'code';

/** The user's recovery code: the same at each request, and not stored on the server. */
export interface OwnDataCodeReply {
  readonly code: string;
}

export interface OwnDataErasedReply {
  readonly reports: number;
  /** Whether some text stays until a decision, or while a decision about it applies. */
  readonly waits: boolean;
}

export interface HttpProblem {
  readonly error: string;
  /** A sentence for the user. */
  readonly detail: string;
}
