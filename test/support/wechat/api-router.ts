import { type Answer, type ApiClient, ApiError, type Call, json } from './api-call.ts';
import type { ApiHandlers } from './api-server.ts';
import { control } from './control.ts';
import type { CustomerService } from './customer-service.ts';
import { customerServiceRoutes } from './customer-service-api.ts';
import { fileAnswer, getMedia, uploadMedia } from './media-api.ts';
import type { OfficialAccount } from './official-account.ts';
import { officialAccountRoutes } from './official-account-api.ts';
import type { WecomApp } from './wecom.ts';
import { WecomSender } from './wecom-api.ts';
import type { World } from './world.ts';

type Family = ApiClient['family'];

const notFound: Answer = { status: 404, type: 'text/plain', body: '' };
const sharedPaths = new Set(['/cgi-bin/media/upload', '/cgi-bin/media/get', '/cgi-bin/getcallbackip']);
const wecomPaths = /^\/cgi-bin\/(gettoken$|kf\/|message\/(send|recall|update_template_card)$)/;
const wecomGetPaths = new Set(['/cgi-bin/media/get', '/cgi-bin/getcallbackip', '/cgi-bin/kf/servicer/list']);

/** Finds for every call whose it is and who answers it: tokens first, then the API of whoever holds the token. */
export class ApiRouter implements ApiHandlers {
  officialAccounts: OfficialAccount[] = [];
  readonly customerServices: CustomerService[] = [];
  readonly wecomApps: WecomApp[] = [];
  readonly #wecomSenders = new Map<ApiClient, WecomSender>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** One account for an appId: the console of another mode takes the place of the one before. */
  addOfficialAccount(account: OfficialAccount): void {
    this.officialAccounts = [...this.officialAccounts.filter(({ client }) => client !== account.client), account];
  }

  addWecomApp(app: WecomApp): void {
    this.wecomApps.push(app);
    this.#wecomSenders.set(app.client, new WecomSender(app, this.#world));
  }

  async answer(call: Call): Promise<Answer> {
    try {
      return await this.#route(call);
    } catch (error) {
      if (error instanceof ApiError) return this.#refusal(call, error);
      throw error;
    }
  }

  refuse(call: Call, errcode: number): Answer {
    return this.#refusal(call, new ApiError(errcode));
  }

  /** Pictures that people sent are open to who has their address; and the stand-in itself is told what to do. */
  aside(call: Call): Promise<Answer> | undefined {
    const [, id] = /^\/mmbiz\/(.+)$/.exec(call.path) ?? [];
    if (id === undefined) return control(call, this, this.#world);
    const picture = this.#world.media.findAnybodys(id);
    return Promise.resolve(picture ? fileAnswer(picture) : notFound);
  }

  async #route(call: Call): Promise<Answer> {
    const { tokens } = this.#world;
    switch (call.path) {
      case '/cgi-bin/token':
        return tokens.token(call);
      case '/cgi-bin/stable_token':
        return tokens.stableToken(call);
      case '/cgi-bin/gettoken':
        return tokens.getToken(call);
    }
    const family = this.#familyOf(call);
    if (!family) return notFound;
    const client = tokens.clientOf(call, family);
    return family === 'wecom' ? this.#wecom(call, client) : this.#officialAccount(call, client);
  }

  async #officialAccount(call: Call, client: ApiClient): Promise<Answer> {
    const account = this.officialAccounts.find((candidate) => candidate.client === client);
    if (!account) throw new ApiError(40001);
    if (call.path === '/cgi-bin/media/upload') {
      const { id, kind } = await uploadMedia(call, client.id, ['image', 'voice', 'video', 'thumb'], this.#world);
      return json({ type: kind, media_id: id, created_at: this.#world.clock.stamp() });
    }
    if (call.path === '/cgi-bin/media/get') return asAnswer(getMedia(call, client.id, this.#world));
    const route = officialAccountRoutes[call.path];
    if (!route) throw new ApiError(40066);
    requireMethod(call, route.method ?? 'POST');
    return asAnswer(route.run(call, account, this.#world));
  }

  async #wecom(call: Call, client: ApiClient): Promise<Answer> {
    const { path } = call;
    requireMethod(call, wecomGetPaths.has(path) ? 'GET' : 'POST');
    switch (path) {
      case '/cgi-bin/media/upload': {
        const { id, kind } = await uploadMedia(call, client.id, ['image', 'voice', 'video', 'file'], this.#world);
        return asAnswer({ type: kind, media_id: id, created_at: String(this.#world.clock.stamp()) });
      }
      case '/cgi-bin/media/get':
        return asAnswer(getMedia(call, client.id, this.#world));
      case '/cgi-bin/getcallbackip':
        return asAnswer({ ip_list: ['127.0.0.1'] });
      case '/cgi-bin/message/send':
        return asAnswer(this.#senderOf(client).send(call));
      case '/cgi-bin/message/recall':
        return asAnswer(this.#senderOf(client).recall(call));
      case '/cgi-bin/message/update_template_card':
        return asAnswer(this.#senderOf(client).updateCard(call));
    }
    const route = customerServiceRoutes[path];
    if (!route) return notFound;
    const accounts = this.customerServices.filter((kf) => kf.client === client);
    if (accounts.length === 0) throw new ApiError(48002);
    return asAnswer(route(call, accounts, this.#world));
  }

  #senderOf(client: ApiClient): WecomSender {
    const sender = this.#wecomSenders.get(client);
    if (!sender) throw new ApiError(48002);
    return sender;
  }

  /** By the path where only one API has it, else by the token. */
  #familyOf({ path, query }: Call): Family | undefined {
    if (wecomPaths.test(path)) return 'wecom';
    if (path in officialAccountRoutes && !sharedPaths.has(path)) return 'official-account';
    return (
      this.#world.tokens.ownerOf(query.get('access_token'))?.family ??
      (/token$/.test(path) || sharedPaths.has(path) ? 'official-account' : undefined)
    );
  }

  #refusal(call: Call, { errcode, message }: ApiError): Answer {
    const { dice, clock } = this.#world;
    if (this.#familyOf(call) === 'wecom') {
      const hint = `hint: [${clock.stamp()}_1_${dice.hex(32)}], from ip: 127.0.0.1`;
      return asAnswer({ errcode, errmsg: `${message}, ${hint}, more info at https://open.work.weixin.qq.com/devtool/query?e=${errcode}` });
    }
    return json({ errcode, errmsg: `${message} rid: ${dice.hex(8)}-${dice.hex(8)}-${dice.hex(8)}` });
  }
}

function requireMethod({ method }: Call, required: 'GET' | 'POST'): void {
  if (method !== required) throw new ApiError(required === 'GET' ? 43001 : 43002);
}

function asAnswer(result: object | Answer): Answer {
  return 'status' in result && 'type' in result && 'body' in result ? (result as Answer) : json({ errcode: 0, errmsg: 'ok', ...result });
}
