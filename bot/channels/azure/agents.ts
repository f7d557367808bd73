import { Activity, type ConversationReference as SdkReference } from '@microsoft/agents-activity';
import {
  type AuthConfiguration,
  AuthType,
  CloudAdapter,
  type Connections,
  type Request,
  type WebResponse,
} from '@microsoft/agents-hosting';
import type { AzureCredentials } from '../../config.ts';
import { NotSent } from '../../turns/errands.ts';
import type { ConversationReference } from '../filing-bot.ts';
import { type Connector, isUnreached, notFromService, type OutgoingActivity, type SignedParts } from './connector.ts';

/** Where the service's keys are published, and in whose name it speaks. */
export type CloudSettings = Pick<AuthConfiguration, 'authorityEndpoint' | 'issuers'>;

/**
 * Azure Bot Service by the Microsoft 365 Agents SDK. What that leaves to its host by default is settled here: who may have issued a token,
 * and that replies go to no address but the one in it. It does not look at the endorsements of the service's keys, which say for which
 * channels a key may speak.
 */
export class AgentsConnector implements Connector {
  readonly #adapter: CloudAdapter;
  readonly #appId: string;

  /** `cloud` and `login` stand for Microsoft's public cloud and a login there, unless given. */
  constructor(credentials: AzureCredentials, cloud: CloudSettings = {}, login?: Connections) {
    this.#adapter = new CloudAdapter({ ...settingsOf(credentials), ...cloud });
    if (login) this.#adapter.connectionManager = login;
    // Its own handler tells the customer that the agent has a bug, and keeps the error to itself.
    this.#adapter.onTurnError = async (_, error) => {
      throw error;
    };
    this.#appId = credentials.appId;
  }

  async verify(authorization: string, { serviceUrl }: SignedParts): Promise<void> {
    const request: Request = { method: 'POST', headers: { authorization } };
    let authorized = false;
    await this.#adapter.authorizeRequest(request, new Refusal(), () => {
      authorized = true;
    });
    if (!authorized) throw notFromService();
    // The SDK compares hosts only, and takes a token that names no address.
    if (request.user?.serviceurl !== serviceUrl) throw notFromService();
  }

  async send(reference: ConversationReference, activity: OutgoingActivity): Promise<void> {
    let loggedIn = false;
    try {
      await this.#adapter.continueConversation(this.#appId, sdkReference(reference), async (context) => {
        loggedIn = true;
        delete context.activity.id; // the message would go as a reply to the first of its conversation
        await context.sendActivity(sdkActivity(activity));
      });
    } catch (error) {
      throw !loggedIn || surelyNotSent(error) ? new NotSent('The service did not take the message.', { cause: error }) : error;
    }
  }
}

/** The response that the SDK's middleware asks for. What it would say stays here: callers answer in their own form. */
class Refusal implements WebResponse {
  readonly headersSent = false;
  readonly writableEnded = false;
  status(): this {
    return this;
  }
  setHeader(): this {
    return this;
  }
  send(): this {
    return this;
  }
  end(): this {
    return this;
  }
}

function settingsOf({ appId, appPassword, tenantId, appType }: AzureCredentials): AuthConfiguration {
  return {
    clientId: appId,
    // A bot of many tenants logs in at the service's own. Said outright: the SDK would take another from the environment.
    tenantId: appType === 'MultiTenant' ? 'botframework.com' : tenantId,
    ...(appType === 'UserAssignedMSI'
      ? { authType: AuthType.UserManagedIdentity }
      : { authType: AuthType.ClientSecret, clientSecret: appPassword }),
    issuers: ['https://api.botframework.com'],
    validateIssuer: true,
  };
}

/** The SDK has another word for the bot, and refuses what is there but empty. */
function sdkReference({ bot = { id: '' }, user, conversation, ...reference }: ConversationReference): SdkReference {
  return { ...filled(reference), user: filled(user), agent: filled(bot), conversation: filled(conversation) };
}

/** It also refuses choices that do not say for whom they are. */
function sdkActivity({ suggestedActions, ...activity }: OutgoingActivity): Activity {
  return Activity.fromObject({ ...activity, ...(suggestedActions && { suggestedActions: { to: [], ...suggestedActions } }) });
}

type Filled<Fields> = { [field in keyof Fields]: Exclude<Fields[field], undefined> };

function filled<Fields extends object>(fields: Fields): Filled<Fields> {
  const entries = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return Object.fromEntries(entries) as Filled<Fields>;
}

/** Turned away with a wait, or never reached; anything else may have arrived. */
function surelyNotSent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('status' in error && error.status === 429) || isUnreached(error.cause);
}
