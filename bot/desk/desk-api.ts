/**
 * What the agents' page and its server say to each other; both sides take these types. Everything is JSON under `/desk/api`. Errors have the
 * contract's shape. Reading is by GET; everything else by POST, with the header `X-Desk: 1`, which pages of other sites cannot send.
 * Times are milliseconds since 1970.
 *
 * | route | answers |
 * |---|---|
 * | `GET session` | `OwnAccount`, or 401 |
 * | `GET entrance` | `Entrance`: how people may come in |
 * | `GET sign-on` | where `Entrance` says so: an address to send the browser to, which comes back to `/desk` signed in, or to `/desk#sign-on=REASON`: `failed`, `no-account`, `unavailable` |
 * | `POST session` `{login, password, code?}` | `OwnAccount`; 401 wrong, or `SecondFactorNeeded`: send it again with a code of the phone or a recovery code, 401 `SecondFactorWrong`; 429 too often |
 * | `POST second-factor/begin` | `SecondFactorDraft`, for who has just shown who they are. Until who is `required` to have one has set it up, all but this, the next and `session` answers 403 `SecondFactorToSet` |
 * | `POST second-factor` `{code}` | `RecoveryCodes`: it is in force; 422 `SecondFactorWrong`, 410 `SecondFactorDraftGone` |
 * | `POST second-factor/remove` | 204, for who has just shown who they are; 409 `SecondFactorRequired` |
 * | `POST accounts/:id/second-factor/remove` | 204: for who lost phone and codes; all sessions of the account end. The administrator has just shown who they are |
 * | `POST session/end` | 204 |
 * | `POST session/confirm` `{password}` | 204: somebody is still who they were; 422 `PasswordWrong`. Asked for where a route answers 403 `ConfirmationNeeded` with `ConfirmedBy`, ten minutes after the last time |
 * | `GET sign-on?confirm=PAGE` | the same for who came in by the identity provider, which asks them anew: an address that comes back to `/desk#/PAGE`, or to `/desk#sign-on=not-confirmed` |
 * | `POST invitation` `{code, password, secondFactor?}` | `OwnAccount`: the first password of an account, by the code of its one-time link `/desk#invitation=CODE`; 410 when the link holds no longer, 401 as for `session` where a second factor is set up, 422 `PasswordTooShort`, `PasswordTooLong`, `PasswordTooEasy` |
 * | `POST password` `{password, renewed}` | `OwnAccount`: another password; all other sessions end. 422 as above, and `PasswordWrong` |
 * | `GET accounts`, `POST accounts` `AccountDraft`, `POST accounts/:id` `AccountChange` | `Account[]`, `Invited`, `Account`; 409 `LoginTaken`, `LastAdministrator` |
 * | `POST accounts/:id/invitation` | `Invited`: a new link, for a lost password; all sessions of the account end |
 * | `GET sessions`, `POST sessions/:id/end` | `OpenSession[]`, 204: one's own; for administrators those of all |
 * | `GET audit?before=N` | `AuditLine[]`, newest first, 100 at a time |
 * | `GET queue` | `Queue` |
 * | `POST presence` `{available}` | 204 |
 * | `POST next` | `{conversation}`: the request that the agent is to take next, claimed; `{}` when there is none |
 * | `GET conversations/:id` | `ConversationView` |
 * | `GET conversations/:id/entries?after=N` | `Entries` |
 * | `GET conversations/:id/files/:file` | the file, as a download; pictures, which are shown from it, made anew; 409 `PictureUnreadable`, 503 `PictureNotReady` |
 * | `POST conversations/:id/claim` | 204, or 409 with `takenBy` where a colleague has it, for whatever role |
 * | `POST conversations/:id/take-over` `{from}` | supervisors: from the agent with this id; 204, or 409 with `takenBy` where somebody else has it by now |
 * | `POST conversations/:id/messages` `{id, text}` | `{position}`; the same `id` again has no second effect; 409 `NotYours` |
 * | `POST conversations/:id/typing` | 204 |
 * | `POST conversations/:id/notes` `{text}` | 204: seen by agents only |
 * | `POST conversations/:id/transfer` `Transfer` | 204 |
 * | `POST conversations/:id/complete` | 204: back to the bot, the customer is asked how it was |
 * | `GET conversations/:id/suggestions` | `Suggestion[]`: answers to the customer's last question |
 * | `POST conversations/:id/form` `{field, value}` | 204; 422 `ValueRefused` with the reason in Chinese |
 * | `POST conversations/:id/case` `{filingType, province?}` | 204: a form is begun for the customer, who has none; 422 as above |
 * | `GET replies`, `POST replies` `CannedReply` without id, or with one to change it, `POST replies/:id/remove` | `CannedReply[]`, `CannedReply`, 204 |
 * | `GET tasks`, `POST tasks/:conversation/done` `{left}` | `Task[]`, 204; 409 when there is more meanwhile |
 * | `GET colleagues` | `Colleague[]`: to whom a case can be given |
 * | `POST cases/search` `CaseQuery` | `CaseList`: by POST, as what is searched for may be a number of a person, which belongs in no address |
 * | `POST cases/export` `CaseQuery` | the cases as CSV, certificate numbers covered; for supervisors |
 * | `GET full-exports` | `FullExportList`: those that were asked for, newest first; this and the following for supervisors |
 * | `POST full-exports` `FullExportDraft` | `FullExportLine`: asks for the cases of a filter, as they are now, with nothing covered; for who has just shown who they are, ten in an hour: 429; 409 `ExportOpen`, one at a time, or `NobodyElse` who could agree; 422 `NothingToExport`, `TooManyCases` with `cases` and `most`, `ReasonNamesPerson` |
 * | `POST full-exports/:id/grant` | 204: another than who asked agrees, and has just shown who they are; 403 `OwnExport`, or `OnePerson` where in the last seven days one of the two accounts has made, opened or promoted the other, or a third has both; 409 `ExportDecided` |
 * | `POST full-exports/:id/refuse` `{why?}` | 204: another than who asked does not; as above, 422 `ReasonNamesPerson` |
 * | `POST full-exports/:id/withdraw` | 204: who asked does not want it any longer; 403 `ExportOfOthers`, 409 `ExportDecided` |
 * | `POST full-exports/:id/fetch` | `FullExportFetched`: once, by who asked and has just shown who they are, within half an hour; 403 `ExportOfOthers`, `OnePerson`, 409 `ExportNotGranted` |
 * | `POST full-exports/:id/file` `{ticket}` | the cases as an archive that opens with the password, on record before it is sent; by POST, as it uses the ticket up: 410 `ExportGone` |
 * | `GET cases/:number` | `CaseView` |
 * | `GET cases/:number/files/:file` | the document, as a download, likewise; recorded |
 * | `POST cases/:number/state` `{state, note?}` | `CaseView`: the customer is told, with the note; 409 `StateNotAllowed` |
 * | `POST cases/:number/value` `{field, value, sure?}` | `CaseView`; 422 `ValueRefused` with the reason in Chinese, or `ValueToConfirm` with what was probably meant: send it with `sure`; 409 `CaseNotOpen` |
 * | `POST cases/:number/agent` `{to?}` | `CaseView`: works on it from now on; left out: nobody |
 * | `POST cases/:number/reveal` `{field, reason}` | `{value}`: one certificate number; for supervisors who have just shown who they are, recorded, 20 in an hour: 429 |
 * | `GET cases/:number/package` | `PackagePlan`: what would go to the access provider; for supervisors; 409 `CaseNotComplete` |
 * | `POST cases/:number/package` `PackageOrder` | the package as a ZIP archive, nothing covered; for supervisors who have just shown who they are, in the ledger before it is sent, 20 in an hour: 429; 409 as above, `CaseChanged` since the plan was seen, or `DocumentGone`; 422 `PersonalDataNamed` |
 * | `GET disclosures?before=N` | `DisclosureLine[]`: the ledger, newest first, 100 at a time; for supervisors |
 * | `GET figures?from=DAY&to=DAY&by=day` | `FigureTable`, by `day`, `week` or `month`: for supervisors; days as 2026-11-27, in China |
 * | `GET figures/sheet?…` | the same as CSV |
 * | `GET misses?days=N` | `Misses`: what customers asked in vain, brought together; this and the following for supervisors |
 * | `POST misses/preview` `Proposal` | `Trial`: what the phrasings would do; nothing changes |
 * | `POST misses/accept` `Acceptance` | `Settled`: the phrasings are written; 409 `KnowledgeChanged` since the trial, `NotSound`, `AlreadySettled`, `KnowledgeReadOnly`, `KnowledgeBusy`; 422 `PersonalData` |
 * | `POST misses/draft` `DraftRequest` | `Settled`: a sheet for editors to complete |
 * | `GET misses/drafts/:file` | the sheet, as a download |
 * | `POST misses/dismiss` `Dismissal` | `Settled` |
 * | `POST misses/undo` `{id}` | 204; 409 `ChangedSince` when what was written is no longer as it was |
 *
 * Live news come over the WebSocket `/desk/stream`: the page sends `Watch` whenever what it shows has changed, the server sends `Frame`s.
 * A page that was cut off connects again and says where it stood; entries are told apart by their position.
 */

import type { HandoffReason, Skill } from '../../dialogs/handoff-request.ts';
import type { Rating } from '../../dialogs/reply.ts';
import type { Measures } from '../../knowledge/evaluation/measure-names.ts';
import type { CaseDeadlineCode } from '../../knowledge/filing/case-deadline.ts';
import type { CaseState, FilingType } from '../../knowledge/filing/filing-case.ts';
import type { FieldKey } from '../../knowledge/filing/form.ts';
import type { CaseFilter } from '../cases/filter.ts';
import type { AuditEntry } from '../cases/kept-case.ts';
import type { Undelivered } from '../conversations/undelivered.ts';
import type { Destination } from '../filing-package/filing-package.ts';
import type { Agreement } from '../privacy/consents.ts';

export const roles = ['agent', 'supervisor', 'administrator'] as const;
/** Each may do all that those before may. */
export type Role = (typeof roles)[number];

export type { HandoffReason, Skill } from '../../dialogs/handoff-request.ts';
export { skills } from '../../dialogs/handoff-request.ts';

export interface SignedIn {
  id: string;
  name: string;
  role: Role;
  skills: Skill[];
}

export interface OwnAccount extends SignedIn {
  login: string;
  /** `required`: there is none, and there is no way on without it. */
  secondFactor: 'none' | 'set' | 'required';
  /** Where it is set. */
  recoveryCodesLeft?: number;
}

/** To be put into an app on the phone; both say the same. */
export interface SecondFactorDraft {
  /** In base32, to be typed. */
  secret: string;
  /** `otpauth://…`, to be shown as a QR code. */
  address: string;
}

/** Shown once; each opens the desk once, in place of the phone. */
export interface RecoveryCodes {
  recoveryCodes: string[];
}

/** How somebody came in. */
export type Entered = 'password' | 'identity-provider';

/** Beside the error `ConfirmationNeeded`: how this person is to show anew who they are. */
export interface ConfirmedBy {
  by: Entered;
}

export interface Entrance {
  /** By the agency's identity provider, too. */
  signOn: boolean;
}

export interface Account extends SignedIn {
  login: string;
  active: boolean;
  /** Without one, the account waits for its invitation to be used, or signs in elsewhere. */
  hasPassword: boolean;
  hasSecondFactor: boolean;
  createdAt: number;
}

export type AccountDraft = Pick<Account, 'login' | 'name' | 'role' | 'skills'>;
export type AccountChange = Partial<Pick<Account, 'name' | 'role' | 'skills' | 'active'>>;

/** `link` is shown once, holds for a day and can be used once. */
export interface Invited {
  account: Account;
  link: string;
}

export interface OpenSession {
  id: string;
  account: string;
  name: string;
  startedAt: number;
  usedAt: number;
  /** The one that asks. */
  own: boolean;
}

/** What is recorded that somebody did. */
export const deeds = [
  'signed-in',
  'sign-in-failed',
  'session-ended',
  'identity-confirmed',
  'confirmation-failed',
  'conversation-taken',
  'form-begun',
  'form-filled',
  'task-finished',
  'phrasings-added',
  'topic-drafted',
  'misses-dismissed',
  'misses-undone',
  'account-created',
  'account-changed',
  'account-invited',
  'password-set',
  'second-factor-set',
  'second-factor-removed',
  'second-factor-reset',
  'case-state-set',
  'case-corrected',
  'case-assigned',
  'case-revealed',
  'case-reveal-refused',
  'case-document-read',
  'case-disclosed',
  'case-disclosure-refused',
  'cases-exported',
  'full-export-asked',
  'full-export-limited',
  'full-export-granted',
  'full-export-refused',
  'full-export-withdrawn',
  'full-export-fetched',
  'person-exported',
  'person-erased',
] as const;
export type Deed = (typeof deeds)[number];

export interface AuditLine {
  position: number;
  at: number;
  /** The login, or `command`: who has the machine. */
  by: string;
  did: Deed;
  /** `account:LOGIN`, `case:NUMBER`, `conversation:ID` … */
  what?: string;
  why?: string;
}

export interface Waiting {
  conversation: string;
  /** What the desk calls them: their name, or 访客 and the end of the conversation's id. */
  customer: string;
  channel: string;
  since: number;
  reason: HandoffReason;
  skill?: Skill;
  /** They have a case under way, or were kept waiting by an agent before. */
  returning: boolean;
  /** The customer's last words. */
  said: string;
  transferredFrom?: string;
  /** Of a transfer: for whom. */
  for?: string;
  note?: string;
}

export interface Held {
  conversation: string;
  customer: string;
  channel: string;
  agent: { id: string; name: string };
  since: number;
  /** The customer has spoken last, since then; undefined: the agent has. */
  unansweredSince?: number;
  said: string;
  end: number;
}

export interface Queue {
  /** In the order in which they are to be taken. */
  waiting: Waiting[];
  /** The agent's own, and for supervisors those of all. */
  held: Held[];
  agents: { id: string; name: string; available: boolean; conversations: number }[];
  tasks: number;
  /** For supervisors. */
  fullExports?: FullExportStanding;
  now: number;
}

export interface Entry {
  position: number;
  at: number;
  from: 'customer' | 'bot' | 'agent' | 'event';
  name: string;
  /** Markdown of the small subset for the bot, plain text otherwise. */
  text: string;
  /** `channelData.filing.kind` of what the bot said. */
  kind?: string;
  topic?: string;
  confidence?: number;
  choices?: string[];
  /** `unscanned`: the scanner was away when it came. */
  files?: { file: string; name: string; contentType: string; unscanned?: true }[];
  /** Of an event: 转人工 requested, accepted … */
  handoff?: string;
}

export interface Entries {
  entries: Entry[];
  /** Position of the newest entry. */
  end: number;
}

export interface Brief {
  customer: string;
  channel: string;
  startedAt: number;
  province?: string;
  /** Why they are here, and since when. */
  reason?: HandoffReason;
  since?: number;
  /** The last questions and what the bot made of them. */
  asked: { question: string; topic?: string; title?: string; confidence?: number; useful?: boolean }[];
  form?: {
    number?: string;
    title: string;
    done: number;
    total: number;
    paused: boolean;
    items: { field: string; label: string; value: string }[];
    /** The next item that is asked for. */
    next?: { field: string; label: string };
    documents: { title: string; name: string; unscanned?: true }[];
  };
  cases: { number: string; state: string; title: string; filer: string }[];
  /** The nearest of the form and the cases. */
  deadline?: {
    code: CaseDeadlineCode;
    /** The last day in China, `2026-12-04`, and how many are left to it: 0 on the day itself, negative after it. */
    day: string;
    daysLeft: number;
    /** A holiday in between is not published yet. */
    about: boolean;
    /** Left out: of a form that has no number yet. */
    caseNumber?: string;
  };
}

export interface ConversationView extends Entries {
  id: string;
  brief: Brief;
  owner: { kind: 'bot' } | { kind: 'agent'; id: string; name: string };
  handoff?: 'requested' | 'accepted' | 'completed' | 'failed';
  notes: { at: number; by: string; text: string }[];
  /** Messages that have not reached the customer, or only later, by their positions. */
  undelivered: Pick<Undelivered, 'position' | 'reason' | 'state'>[];
  /** May the agent write: they hold it. */
  mine: boolean;
}

export interface Transfer {
  /** An agent's id; left out: whoever is free. */
  to?: string;
  skill?: Skill;
  note: string;
}

export interface Suggestion {
  topic: string;
  question: string;
  confidence: number;
  text: string;
}

/** `text` may have `{customer}`, `{agent}` and `{case}` in it. */
export interface CannedReply {
  id: string;
  title: string;
  text: string;
}

/** What a conversation has left to be done without the customer waiting: messages out of hours, call backs, a request nobody came to. */
export interface Task {
  conversation: string;
  customer: string;
  channel: string;
  /** Counts what was ever left; to be sent back with `done`, which is refused when there is more meanwhile. */
  left: number;
  items: {
    at: number;
    about: 'consent-refused' | 'unknown-notice' | 'needs-person';
    contact?: string;
    said?: string;
    caseNumber?: string;
  }[];
}

export interface Colleague {
  id: string;
  name: string;
}

/** What is left out does not matter. */
export interface CaseQuery {
  state?: CaseState;
  type?: FilingType;
  /** A code, such as 44. */
  province?: string;
  /** Submitted or, before that, begun at least, or at most, so many days ago. */
  olderThanDays?: number;
  newerThanDays?: number;
  /** Who works on it: an id, or `none`. */
  agent?: string;
  /** A case number, part of a name or of a domain name, or a whole phone, credit code or certificate number. */
  search?: string;
  /** Counted from 0. */
  page?: number;
}

export interface CaseLine {
  number: string;
  state: CaseState;
  stateName: string;
  type: FilingType;
  typeName: string;
  province?: string;
  filer: string;
  domainName?: string;
  startedAt: number;
  /** When the customer submitted it. */
  openedAt?: number;
  changedAt: number;
  agent?: Colleague;
}

export interface CaseList {
  /** Newest first, of one page. */
  cases: CaseLine[];
  /** Of all pages. */
  total: number;
  pageSize: number;
}

export interface CaseView extends CaseLine {
  items: {
    field: FieldKey;
    label: string;
    /** Certificate numbers are covered. */
    value: string;
    /** It can be revealed. */
    covered?: true;
  }[];
  /** Certificate numbers that the customer would not give in the chat: to be asked for by a person. */
  withheld: { field: FieldKey; label: string }[];
  documents: { file: string; title: string; name: string; contentType: string; at: number; unscanned?: true }[];
  /** What is told to the customer of it, oldest first. */
  history: { at: number; stateName: string; by: 'customer' | 'agency'; note?: string }[];
  /** What was changed after the submission, or is wanted otherwise. */
  changes: { at: number; by: 'customer' | 'agency'; label?: string; from?: string; to?: string; said?: string }[];
  /** Who of the agency did what with it. */
  audit: { at: number; by: string; did: AuditEntry['did']; what?: string }[];
  /** What it can be set to from here. */
  next: { state: CaseState; name: string }[];
  /** Where its customer is. */
  conversation?: string;
}

export type FullExportState = 'asked' | 'granted' | 'refused' | 'fetched';

export interface FullExportDraft {
  filter: Omit<CaseQuery, 'page'>;
  reason: string;
}

/** That somebody wants cases with nothing covered; `by` and `decided.by`: names. */
export interface FullExportLine {
  id: string;
  by: string;
  mine: boolean;
  at: number;
  /** It ends then: what nobody has decided on, and what was granted and not fetched; what is over is shown until then. */
  until: number;
  reason: string;
  filter: CaseFilter;
  /** The name behind `filter.agent`. */
  worker?: string;
  cases: number;
  state: FullExportState;
  decided?: { by: string; at: number; why?: string };
}

export interface FullExportList {
  exports: FullExportLine[];
  /** Other people who could agree. */
  others: number;
  /** How many cases one may have. */
  most: number;
}

/** Shown once. The ticket is good for one file, within a minute, in the session that it was given to. */
export interface FullExportFetched {
  password: string;
  ticket: string;
  /** In the file, and erased since they were asked for. */
  cases: number;
  gone: number;
}

/** Whether any of it is this supervisor's turn. */
export interface FullExportStanding {
  /** Asked for by others, and not decided. */
  toDecide: number;
  /** Of one's own. */
  own?: FullExportState;
}

/** What a package to the access provider would have in it. */
export interface PackagePlan {
  /** Names what is in it. */
  digest: string;
  /** The access provider as the customer has named it; empty where they have not. */
  recipient: string;
  fields: { label: string; covered?: true }[];
  /** File names in the archive; `unscanned`: the scanner was away when it came. */
  documents: { name: string; unscanned?: true }[];
  /** Documents that such a case needs and this one does not have. */
  missing: string[];
  consents: Agreement[];
  /** Consents that it takes, and of which the register knows nothing. */
  notConsented: Agreement['purpose'][];
  /** Packages of the same case, newest first; `by`: as the case names people. */
  earlier: { at: number; by: string; recipient: string }[];
}

export interface PackageOrder extends Destination {
  /** Of the plan that was seen. */
  digest: string;
}

/** That something of a case was handed out; `by`: a login. */
export interface DisclosureLine extends Destination {
  position: number;
  at: number;
  by: string;
  caseNumber: string;
  /** What the items and the documents are called. */
  fields: string[];
  documents: string[];
  consents: Agreement[];
}

export const figureSpans = ['day', 'week', 'month'] as const;
export type FigureSpan = (typeof figureSpans)[number];

/** How much there was in a day, a week (from Monday) or a month, as far as it lies in what was asked for. */
export interface FigureRow {
  /** The first day. */
  from: string;
  conversations: number;
  /** Questions: answered, answered with topics to choose from, not understood; and those that editors are to look at. */
  answered: number;
  suggested: number;
  unknown: number;
  misses: number;
  useful: number;
  notUseful: number;
  /** Requests for a person, and how those that ended did. */
  handoffs: number;
  completed: number;
  failed: number;
  /** Minutes on average from the request, in which the agency's people were there: until one took it, said something, and had done. */
  waitMinutes?: number;
  responseMinutes?: number;
  resolutionMinutes?: number;
  ratings: Record<Rating, number>;
}

export interface FigureTable {
  rows: FigureRow[];
  /** Answered most often in all that time. */
  topics: { topic: string; question: string; count: number }[];
  /** As they are now. */
  cases: { state: CaseState; name: string; count: number }[];
}

/** A question that was not answered, or answered in a way that did not help; personal data are covered in it. */
export interface MissedQuestion {
  text: string;
  /** How often it was asked without an answer, and how often the answer did not help. */
  unanswered: number;
  notUseful: number;
  lastAt: number;
  /** Of an answer that did not help. */
  answeredBy?: string;
}

export interface NearTopic {
  topic: string;
  title: string;
  confidence: number;
}

/** Questions that ask for the same thing, those first that say best what it is. */
export interface MissCluster {
  questions: MissedQuestion[];
  count: number;
  firstAt: number;
  lastAt: number;
  /** On how many days of China it was asked. */
  days: number;
  topics: NearTopic[];
}

export interface Misses {
  /** Since when was looked. */
  from: number;
  clusters: MissCluster[];
  /** Questions that the knowledge base answers by now. */
  answeredNow: number;
  /** Questions that were too many to be looked at: the oldest. */
  leftOut: number;
  settled: Settled[];
  /** Whether phrasings can be written from here. */
  writable: boolean;
  /** For choosing a topic that is not near. */
  topics: { topic: string; title: string }[];
}

export interface Proposal {
  topic: string;
  phrasings: string[];
  /** Of the cluster, to see which would be answered. */
  questions: string[];
}

export { type Measures, measureNames } from '../../knowledge/evaluation/measure-names.ts';

export interface TriedQuestion {
  text: string;
  before: Found;
  after: Found;
}

export interface Found {
  decision: 'answer' | 'suggest' | 'reject';
  topic?: string;
  confidence?: number;
}

/** What phrasings would do. */
export interface Trial {
  /** Names the state of the knowledge base that was looked at. */
  digest: string;
  /** Left out where the check finds faults that keep the change from being loaded. */
  measures?: { before: Measures; after: Measures };
  questions: TriedQuestion[];
  /** What the check finds that it did not find before, in Chinese; with any of them nothing is written. */
  faults: string[];
}

export interface Acceptance extends Proposal {
  /** Of the trial that was seen. */
  digest: string;
}

export interface DraftRequest {
  question: string;
  phrasings: string[];
  questions: string[];
}

export interface Dismissal {
  questions: string[];
  why: string;
}

/** What a person has decided about questions; they do not come back. */
export interface Settled {
  id: string;
  at: number;
  by: string;
  how: 'phrasings' | 'draft' | 'dismissed';
  /** What was asked, in the words of the question that says it best. */
  title: string;
  count: number;
  topic?: NearTopic['topic'];
  topicTitle?: string;
  phrasings?: string[];
  /** Questions whose answers the tests hold from now on. */
  regressions?: string[];
  /** File name of the sheet. */
  draft?: string;
  why?: string;
  /** Of phrasings: they are in the knowledge base that is in use here. */
  inUse?: boolean;
}

export interface Taken {
  takenBy: string;
}

export interface ValueRefused {
  reason: string;
}

/** What the page shows, with the position up to which it has each conversation. */
export interface Watch {
  watch: { conversation: string; after: number }[];
}

export type Frame =
  | { kind: 'queue'; queue: Queue }
  | ({ kind: 'entries'; conversation: string } & Entries)
  /** Who holds it, notes or the form have changed: to be read again. */
  | { kind: 'changed'; conversation: string }
  | { kind: 'typing'; conversation: string }
  /** Nothing new, every twenty seconds: a page that no longer hears it has lost the connection without being told. */
  | { kind: 'alive' }
  /** The session has ended: to be signed in again. */
  | { kind: 'signed-out' };
