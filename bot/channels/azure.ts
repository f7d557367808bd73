import {
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  ConfigurationServiceClientCredentialFactory,
  type ConversationReference,
  type Activity as SdkActivity,
  type TurnContext,
} from 'botbuilder';
import { z } from 'zod';
import { type Activity, clientActivitySchema } from '../activity.ts';
import type { AzureCredentials } from '../config.ts';
import { readJsonBody } from '../http/body.ts';
import { badArgument, HttpError, sendJson, tooManyRequests } from '../http/http-error.ts';
import type { Route } from '../http/web-server.ts';
import type { Deliver } from '../turns/errands.ts';
import { NotSent } from '../turns/errands.ts';
import { acceptanceOf, type FilingBot } from './filing-bot.ts';

export const azureChannel = 'azure';

const mostActivityBytes = 256 * 1024;

/** What every activity of the service has; the rest is checked where it is used. */
const envelopeSchema = z.looseObject({
  type: z.string().max(100),
  channelId: z.string().min(1).max(100),
  serviceUrl: z.url({ protocol: /^https?$/ }),
  conversation: z.looseObject({ id: z.string().min(1).max(2000) }),
  from: z.looseObject({ id: z.string().min(1).max(500), name: z.string().optional() }),
  recipient: z.looseObject({ id: z.string() }).optional(),
});

/** Where the service's keys are published, and in whose name it speaks. */
export type CloudSettings = Partial<Record<'ToBotFromChannelOpenIdMetadataUrl' | 'ToBotFromChannelTokenIssuer', string>>;

/** Azure Bot Service's channels through the SDK's `CloudAdapter`; only made when credentials are configured. */
export class AzureChannel {
  readonly #adapter: Adapter;
  readonly #bot: FilingBot;
  readonly #appId: string;

  /** `cloud` and `login` stand for Microsoft's public cloud and a login there, unless given. */
  constructor(bot: FilingBot, credentials: AzureCredentials, cloud: CloudSettings = {}, login = loginOf(credentials)) {
    this.#adapter = new Adapter(new ConfigurationBotFrameworkAuthentication(cloud, login));
    this.#bot = bot;
    this.#appId = credentials.appId;
  }

  /** Answered as soon as the message is kept: the service gives up after 15 seconds, and sends again. */
  get route(): Route {
    return {
      method: 'post',
      path: '/api/messages',
      handle: async (request, response) => {
        const activity = await readJsonBody(request, envelopeSchema, mostActivityBytes);
        await this.#adapter.receive(request.headers.authorization ?? '', activity as unknown as SdkActivity, async (context) => {
          checkContent(context);
          await this.#bot.run(context);
          const outcome = acceptanceOf(context)?.outcome;
          if (outcome === 'full') throw tooManyRequests(1000);
          if (outcome === 'conflict') throw new HttpError(409, 'Conflict', 'Another activity was sent under the same id.');
        });
        sendJson(response, 200, {});
      },
    };
  }

  readonly deliver: Deliver = ({ reference }, activity) => [{ send: () => this.#send(reference, activity) }];

  async #send(reference: unknown, activity: Activity): Promise<void> {
    try {
      await this.#adapter.continueConversationAsync(this.#appId, reference as Partial<ConversationReference>, async (context) => {
        this.#adapter.sendOnce(context);
        const { timestamp: _, from: __, replyToId: ___, ...content } = activity;
        await context.sendActivity(content as Partial<SdkActivity>);
      });
    } catch (error) {
      throw surelyNotSent(error) ? new NotSent('The service did not take the message.', { cause: error }) : error;
    }
  }
}

class Adapter extends CloudAdapter {
  /**
   * Takes from the SDK its habit of sending three times again after errors that leave open whether the customer has the message;
   * its option `noRetryPolicy` has no effect in 4.23.3.
   */
  sendOnce({ turnState }: TurnContext): void {
    const connector = turnState.get<{ client: { pipeline: { removePolicy(policy: { name: string }): unknown } } }>(this.ConnectorClientKey);
    connector.client.pipeline.removePolicy({ name: 'defaultRetryPolicy' });
  }

  /** Like `process`, but with the caller answering the request: errors must not reach the console or the body as they are. */
  async receive(authorization: string, activity: SdkActivity, logic: (context: TurnContext) => Promise<void>): Promise<void> {
    try {
      await this.processActivity(authorization, activity, logic);
    } catch (error) {
      if (hasStatus(error) && (error.statusCode === 401 || error.statusCode === 403)) {
        throw new HttpError(401, 'Unauthorized', 'The request does not come from the configured Bot Service.');
      }
      throw error;
    }
  }
}

function loginOf({ appId, appPassword, tenantId, appType }: AzureCredentials): ConfigurationServiceClientCredentialFactory {
  return new ConfigurationServiceClientCredentialFactory({
    MicrosoftAppId: appId,
    MicrosoftAppPassword: appPassword,
    MicrosoftAppTenantId: tenantId,
    MicrosoftAppType: appType,
  });
}

/** The same limits on what is kept as for our own clients; what is not kept is not looked at. */
function checkContent({ activity }: TurnContext): void {
  if (activity.type !== 'message' && activity.type !== 'event' && activity.type !== 'endOfConversation') return;
  const checked = clientActivitySchema.safeParse(activity);
  if (!checked.success) throw badArgument(checked.error.issues.map(({ message }) => message).join('; '));
  Object.assign(activity, checked.data);
}

/** Refused before anything was written, or turned away with a wait; anything else may have arrived. */
function surelyNotSent(error: unknown): boolean {
  if (hasStatus(error)) return error.statusCode === 429;
  if (error instanceof Error && 'errorCode' in error) return true; // the login before the sending failed (MSAL)
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code);
}

function hasStatus(error: unknown): error is { statusCode: number } {
  return typeof error === 'object' && error !== null && 'statusCode' in error && typeof error.statusCode === 'number';
}
