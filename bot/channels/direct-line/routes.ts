import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import { clientActivitySchema } from '../../activity.ts';
import { activityId, type Conversation, type Customer } from '../../conversations/conversation.ts';
import type { Conversations } from '../../conversations/conversations.ts';
import type { Acceptance } from '../../conversations/inbox.ts';
import type { Deposit } from '../../documents/store-document.ts';
import type { AdmitUpload } from '../../documents/upload-admission.ts';
import type { UploadAllowance } from '../../documents/upload-allowance.ts';
import { drain, parseJson, readJsonBody } from '../../http/body.ts';
import { bodyTime, limitBodyTime } from '../../http/body-time.ts';
import { badArgument, HttpError, notFound, sendJson, tooManyRequests, unavailable } from '../../http/http-error.ts';
import type { Limit } from '../../http/limits.ts';
import type { Origins } from '../../http/origins.ts';
import type { Overload } from '../../http/overload.ts';
import type { Route, RoutedRequest, UpgradeHandler } from '../../http/web-server.ts';
import { botId } from '../../turns/turns.ts';
import { type DirectLineAdapter, directLineChannel, type ReceivedActivity } from './adapter.ts';
import { serveFile } from './file-download.ts';
import type { Presenter } from './presenter.ts';
import type { Streams } from './streams.ts';
import { type Grant, lifeSeconds, type Tokens } from './tokens.ts';
import { receiveUpload, removeUpload, type Upload, uploadLimits } from './uploads.ts';

export interface DirectLineOptions {
  adapter: DirectLineAdapter;
  conversations: Conversations;
  tokens: Tokens;
  streams: Streams;
  presenter: Presenter;
  deposit: Deposit;
  admitUpload: AdmitUpload;
  uploadAllowance: UploadAllowance;
  origins: Origins;
  publicUrl: () => string;
  /** Messages per conversation. */
  messageLimit: Limit;
  overload: Pick<Overload, 'isBusy'>;
  /** Marks a ticket as used; gives false when it was used before. */
  redeem: (ticket: Grant) => Promise<boolean>;
}

/** What the caller may do: everything with the secret, or one conversation with a token. */
type Access = { kind: 'secret' } | { kind: 'token'; grant: Grant };

const base = '/v3/directline';
const mostActivityBytes = 256 * 1024;
const mostTokenBytes = 16 * 1024;
const pageSize = 100;

const accountSchema = z.object({ id: z.string().max(200).optional(), name: z.string().max(200).optional() });
const tokenParameters = z.object({
  user: accountSchema.optional(),
  trustedOrigins: z.array(z.string().max(300)).max(50).optional(),
});
/** What a page sends on its own behalf: nothing in it is trusted, so nothing in it is refused. */
const startParameters = z.object({ user: accountSchema.optional().catch(undefined) });

/**
 * Direct Line 3.0 (Microsoft's OpenAPI description `directline-3.0.json`, read 2026-11): tokens, conversations, activities,
 * uploads and streams, as `botframework-directlinejs` 0.15 and Web Chat use them.
 */
export class DirectLineService {
  readonly #options: DirectLineOptions;
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 64 * 1024 });

  constructor(options: DirectLineOptions) {
    this.#options = options;
  }

  get routes(): Route[] {
    const { tokens, deposit } = this.#options;
    const conversation = `${base}/conversations/:id`;
    return [
      { method: 'post', path: `${base}/tokens/generate`, handle: this.#open((req, res) => this.#generate(req, res)) },
      { method: 'post', path: `${base}/tokens/refresh`, handle: this.#open((req, res) => this.#refresh(req, res)) },
      { method: 'post', path: `${base}/conversations`, handle: this.#open((req, res) => this.#start(req, res)) },
      { method: 'get', path: conversation, handle: this.#open((req, res) => this.#reconnect(req, res)) },
      { method: 'get', path: `${conversation}/activities`, handle: this.#open((req, res) => this.#read(req, res)) },
      { method: 'post', path: `${conversation}/activities`, handle: this.#open((req, res) => this.#post(req, res)) },
      { method: 'post', path: `${conversation}/upload`, handle: this.#open((req, res) => this.#upload(req, res)) },
      { method: 'get', path: `${conversation}/files/:file`, handle: (req, res) => serveFile(req, res, { tokens, files: deposit.files }) },
      { method: 'get', path: `${base}/session/getsessionid`, handle: this.#open((req, res) => this.#sessionId(req, res)) },
    ];
  }

  /** Answers the browser's preflight for all of Direct Line. */
  preflight(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.method !== 'OPTIONS' || !request.url?.startsWith(`${base}/`)) return false;
    this.#options.origins.preflight(request, response);
    return true;
  }

  readonly upgrade: UpgradeHandler = async (request, socket, head) => {
    const { conversations, tokens, origins, redeem, streams } = this.#options;
    const { pathname, searchParams } = addressOf(request);
    const id = /^\/v3\/directline\/conversations\/([^/]+)\/stream$/.exec(pathname)?.[1];
    if (id === undefined) return false;
    const { origin } = request.headers;
    const verified = await tokens.verify('stream', searchParams.get('t') ?? '');
    if (verified.outcome !== 'valid' || verified.grant.conv !== id)
      throw forbidden('The stream address is not, or no longer, valid: ask for another.');
    if (origin !== undefined && !(origins.includes(origin) && trusts(verified.grant, origin)))
      throw forbidden('Pages of this origin may not connect.');
    if (streams.isFull) throw unavailable();
    if (!(await redeem(verified.grant))) throw forbidden('The stream address was used before: ask for another.');
    const position = await this.#position(id, searchParams.get('watermark'));
    if (!(await conversations.find(id))) throw notFound();
    this.#sockets.handleUpgrade(request, socket, head, (opened) => streams.open(opened, id, position));
    return true;
  };

  /** Reserves a conversation for a visitor: the page that gets this token can start and use only that one. */
  async reserve(grant: Omit<Grant, 'exp' | 'jti' | 'conv'>, conv = newConversationId()) {
    const token = await this.#options.tokens.issue('conversation', { ...grant, conv });
    return { conversationId: conv, token, expires_in: lifeSeconds.conversation };
  }

  /** Starts the conversation if it is not there yet, and lets a known visitor join it. */
  async begin(conv: string, visitor: Customer | undefined): Promise<'started' | 'exists'> {
    const { conversations, adapter } = this.#options;
    const started = await conversations.start({ id: conv, channel: directLineChannel });
    if (visitor) await adapter.join(conv, visitor);
    return started;
  }

  /** The address of the conversation's stream; valid once, for a minute. */
  async streamUrl(conv: string, watermark?: string | null, origins?: string[]): Promise<string> {
    const ticket = await this.#options.tokens.issue('stream', { conv, ...(origins && { origins }) });
    const mark = watermark ? `watermark=${encodeURIComponent(watermark)}&` : '';
    return `${this.#options.publicUrl().replace(/^http/, 'ws')}${base}/conversations/${conv}/stream?${mark}t=${ticket}`;
  }

  async #generate(request: RoutedRequest, response: ServerResponse): Promise<void> {
    const access = await this.#access(request);
    if (access.kind !== 'secret') throw forbidden('Only the secret can generate tokens.');
    if (this.#options.overload.isBusy) throw unavailable();
    const { user, trustedOrigins } = await readJsonBody(request, tokenParameters, mostTokenBytes);
    if (user?.id !== undefined && !user.id.startsWith('dl_')) throw badArgument('user.id: an id bound to a token begins with dl_.');
    sendJson(response, 200, await this.reserve({ ...(user?.id && { user: user.id }), ...(trustedOrigins && { origins: trustedOrigins }) }));
  }

  async #refresh(request: RoutedRequest, response: ServerResponse): Promise<void> {
    const access = await this.#access(request);
    if (access.kind !== 'token') throw forbidden('Only a token can be refreshed.');
    sendJson(response, 200, await this.reserve(renewable(access.grant), access.grant.conv));
  }

  async #start(request: RoutedRequest, response: ServerResponse): Promise<void> {
    const { conversations, overload } = this.#options;
    const access = await this.#access(request);
    const { user } = await readJsonBody(request, startParameters, mostTokenBytes);
    // With the secret the caller is a server, which may name its user; a page's token says who the user is, or nobody does.
    const bound = access.kind === 'token' ? access.grant.user : user?.id?.startsWith('dl_') ? user.id : undefined;
    const conv = access.kind === 'token' ? access.grant.conv : newConversationId();
    const origins = access.kind === 'token' ? access.grant.origins : undefined;
    if (overload.isBusy && !(await conversations.find(conv))) throw unavailable();
    const started = await this.begin(conv, bound === undefined ? undefined : { id: bound, ...(user?.name && { name: user.name }) });
    const token = await this.reserve({ ...(bound && { user: bound }), ...(origins && { origins }) }, conv);
    sendJson(response, started === 'started' ? 201 : 200, { ...token, streamUrl: await this.streamUrl(conv, undefined, origins) });
  }

  async #reconnect(request: RoutedRequest, response: ServerResponse): Promise<void> {
    const { conversation, access } = await this.#conversation(request);
    const { id, user } = conversation;
    const watermark = addressOf(request).searchParams.get('watermark');
    await this.#position(id, watermark);
    const grant = access.kind === 'token' ? renewable(access.grant) : user?.id.startsWith('dl_') ? { user: user.id } : {};
    const token = await this.reserve(grant, id);
    sendJson(response, 200, { ...token, streamUrl: await this.streamUrl(id, watermark, grant.origins) });
  }

  async #read(request: RoutedRequest, response: ServerResponse): Promise<void> {
    const { conversations, presenter } = this.#options;
    const { id } = (await this.#conversation(request)).conversation;
    const after = await this.#position(id, addressOf(request).searchParams.get('watermark'));
    const entries = await conversations.transcript(id, after, pageSize);
    const activities = await Promise.all(entries.map((entry) => presenter.present(id, entry)));
    sendJson(response, 200, { activities, watermark: String(entries.at(-1)?.position ?? after) });
  }

  async #post(request: RoutedRequest, response: ServerResponse): Promise<void> {
    const { conversation, access } = await this.#conversation(request);
    const { id } = conversation;
    await this.#options.messageLimit.take(id);
    const activity = await readJsonBody(request, clientActivitySchema, mostActivityBytes);
    if (activity.type === 'typing') {
      // Only worth something to a person at the other end, and only now: not kept.
      this.#options.conversations.showTyping(id, 'customer');
      sendJson(response, 200, { id: `${id}|typing` });
      return;
    }
    await this.#keep(conversation, access, activity, response);
  }

  async #upload(request: RoutedRequest, response: ServerResponse): Promise<void> {
    const { deposit, messageLimit, admitUpload, uploadAllowance } = this.#options;
    const { conversation, access } = await this.#conversation(request);
    await messageLimit.take(conversation.id);
    await admitUpload(conversation.id).catch((error: unknown) => {
      drain(request);
      throw error;
    });
    limitBodyTime(request, response, bodyTime.uploadMs);
    const userId = addressOf(request).searchParams.get('userId');
    await uploadAllowance.within(conversation.id, async (take) => {
      const upload = await receiveUpload(request, deposit, take);
      try {
        const activity = { ...(userId && { from: { id: userId.slice(0, 200) } }), ...uploadedActivity(upload) };
        const acceptance = await this.#keep(conversation, access, activity, response);
        if (acceptance.outcome === 'repeated') await removeUpload(upload, deposit.files);
      } catch (error) {
        await removeUpload(upload, deposit.files);
        throw error;
      }
    });
  }

  async #keep({ id, user }: Conversation, access: Access, activity: ReceivedActivity, response: ServerResponse): Promise<Acceptance> {
    const { adapter } = this.#options;
    const sender = senderOf(activity, access);
    // Where the token names nobody, the user's joining comes with the first message.
    if (!user && activity.type === 'message') await adapter.join(id, sender);
    const acceptance = await adapter.receive(id, sender, activity);
    if (!acceptance) throw new Error(`The bot did not keep an activity of type ${activity.type}.`);
    switch (acceptance.outcome) {
      case 'accepted':
      case 'repeated':
        sendJson(response, 200, { id: activityId(id, acceptance.position) });
        return acceptance;
      case 'conflict':
        throw new HttpError(409, 'Conflict', 'Another activity was sent under the same id.');
      case 'full':
        throw tooManyRequests(1000);
      case 'unknown-conversation':
        throw notFound();
    }
  }

  async #sessionId(request: RoutedRequest, response: ServerResponse): Promise<void> {
    await this.#access(request);
    sendJson(response, 200, { sessionId: randomUUID() });
  }

  /** A handler that browsers of allowed pages may call. */
  #open(handle: (request: RoutedRequest, response: ServerResponse) => Promise<void>): Route['handle'] {
    return async (request, response) => {
      this.#options.origins.admit(request, response);
      await handle(request, response);
    };
  }

  /** 401 when nothing, or nothing readable, was presented; 403 when it does not open this. */
  async #access(request: IncomingMessage): Promise<Access> {
    const { tokens } = this.#options;
    const [, presented] = /^Bearer +([\w.~+/=-]+) *$/i.exec(request.headers.authorization ?? '') ?? [];
    if (!presented) throw new HttpError(401, 'Unauthorized', 'Send the secret or a token: Authorization: Bearer …');
    if (tokens.isSecret(presented)) return { kind: 'secret' };
    const verified = await tokens.verify('conversation', presented);
    if (verified.outcome === 'expired') throw new HttpError(403, 'TokenExpired', 'The token has expired.');
    if (verified.outcome === 'invalid') throw forbidden('The token is not valid.');
    const { origin } = request.headers;
    if (origin !== undefined && !trusts(verified.grant, origin)) throw forbidden('The token may not be used on pages of this origin.');
    return { kind: 'token', grant: verified.grant };
  }

  async #conversation(request: RoutedRequest): Promise<{ conversation: Conversation; access: Access }> {
    const id = request.params.id ?? '';
    const access = await this.#access(request);
    if (access.kind === 'token' && access.grant.conv !== id) throw forbidden('The token opens another conversation.');
    const conversation = await this.#options.conversations.find(id);
    if (!conversation) throw notFound();
    return { conversation, access };
  }

  /** Where a client wants to go on reading. None, empty and `-` mean from the beginning: a page that was reloaded shows it all. */
  async #position(id: string, watermark: string | null): Promise<number> {
    if (watermark === null || watermark === '' || watermark === '-') return 0;
    if (!/^\d{1,15}$/.test(watermark)) throw badArgument('watermark: send the one that you were given.');
    // A mark beyond the end can only come from before a restored backup; going on from the end loses nothing that still exists.
    return Math.min(Number(watermark), await this.#options.conversations.transcriptEnd(id));
  }
}

export function newConversationId(): string {
  return randomBytes(18).toString('base64url');
}

export function newVisitorId(): string {
  return `dl_${randomBytes(18).toString('base64url')}`;
}

/** The user whom the token names or, where it names none, who the client says it is; never the bot. */
function senderOf({ from }: ReceivedActivity, access: Access): Customer {
  const name = from?.name ? { name: from.name } : {};
  if (access.kind === 'token' && access.grant.user !== undefined) return { id: access.grant.user, ...name };
  return { id: from && from.id !== '' && from.id !== botId ? from.id : 'visitor', ...name };
}

function uploadedActivity({ activity, attachments }: Upload): ReceivedActivity {
  const given = activity === undefined ? { type: 'message' as const } : parseUploadedActivity(activity);
  // What the client says of its files is kept by name; where they are and what they are, the server knows better.
  const described = new Map((('attachments' in given && given.attachments) || []).map((attachment) => [attachment.name, attachment]));
  return {
    ...given,
    attachments: attachments.map((attachment) => {
      const thumbnailUrl = described.get(attachment.name)?.thumbnailUrl;
      return { ...attachment, ...(thumbnailUrl && { thumbnailUrl }) };
    }),
  };
}

function parseUploadedActivity(text: string) {
  if (Buffer.byteLength(text) > uploadLimits.activityBytes)
    throw new HttpError(413, 'MessageSizeTooBig', 'The activity of the upload is too large.');
  const parsed = clientActivitySchema.safeParse(parseJson(Buffer.from(text)));
  if (!parsed.success || parsed.data.type !== 'message') throw badArgument('The activity part is not a message activity.');
  return parsed.data;
}

function renewable({ user, origins }: Grant): Omit<Grant, 'exp' | 'jti' | 'conv'> {
  return { ...(user && { user }), ...(origins && { origins }) };
}

function trusts({ origins = [] }: Grant, origin: string): boolean {
  return origins.length === 0 || origins.includes(origin);
}

function forbidden(message: string): HttpError {
  return new HttpError(403, 'Forbidden', message);
}

function addressOf(request: IncomingMessage): URL {
  return new URL(request.url ?? '/', 'http://localhost');
}
