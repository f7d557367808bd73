import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse } from 'node:querystring';
import type { Conversations } from '../conversations/conversations.ts';
import { sendJson, unavailable } from '../http/http-error.ts';
import type { Limit } from '../http/limits.ts';
import type { Origins } from '../http/origins.ts';
import type { Overload } from '../http/overload.ts';
import type { Route } from '../http/web-server.ts';
import { type DirectLineService, newConversationId, newVisitorId } from './direct-line/routes.ts';
import { type Grant, lifeSeconds, type Tokens } from './direct-line/tokens.ts';

export interface WidgetSessionOptions {
  directLine: DirectLineService;
  conversations: Conversations;
  tokens: Tokens;
  origins: Origins;
  publicUrl: () => string;
  addressOf: (request: IncomingMessage) => string;
  conversationLimit: Limit;
  overload: Pick<Overload, 'isBusy'>;
}

const path = '/widget/session';
const cookieName = 'filing_visitor';

/** Gives the widget its conversation: a new one, or the same visitor's again, known by an http-only cookie. */
export class WidgetSessions {
  readonly #options: WidgetSessionOptions;

  constructor(options: WidgetSessionOptions) {
    this.#options = options;
  }

  get route(): Route {
    return { method: 'post', path, handle: (request, response) => this.#open(request, response) };
  }

  preflight(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.method !== 'OPTIONS' || request.url !== path) return false;
    this.#options.origins.preflight(request, response);
    return true;
  }

  async #open(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { directLine, origins, conversationLimit, overload, addressOf, tokens } = this.#options;
    origins.admit(request, response);
    const known = await this.#known(request);
    if (!known) {
      if (overload.isBusy) throw unavailable();
      await conversationLimit.take(addressOf(request));
    }
    const conv = known?.conv ?? newConversationId();
    const user = known?.user ?? newVisitorId();
    await directLine.begin(conv, { id: user });
    response.setHeader('Set-Cookie', this.#cookie(await tokens.issue('visitor', { conv, user })));
    const token = await directLine.reserve({ user }, conv);
    sendJson(response, known ? 200 : 201, { ...token, userId: user, streamUrl: await directLine.streamUrl(conv) });
  }

  /** The conversation of the visitor's cookie, if it still exists. */
  async #known(request: IncomingMessage): Promise<Grant | undefined> {
    const { tokens, conversations } = this.#options;
    const cookie = parse(request.headers.cookie ?? '', /* separated by */ '; ')[cookieName];
    const verified = typeof cookie === 'string' ? await tokens.verify('visitor', cookie) : undefined;
    if (verified?.outcome !== 'valid') return undefined;
    return (await conversations.find(verified.grant.conv)) ? verified.grant : undefined;
  }

  #cookie(value: string): string {
    // On an agency's page the widget is a third party: there the cookie needs None, and is kept apart per page (Partitioned).
    const scope = this.#options.publicUrl().startsWith('https:') ? 'Secure; SameSite=None; Partitioned' : 'SameSite=Lax';
    return `${cookieName}=${value}; Path=/widget; HttpOnly; Max-Age=${lifeSeconds.visitor}; ${scope}`;
  }
}
