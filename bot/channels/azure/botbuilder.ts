import {
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  ConfigurationServiceClientCredentialFactory,
  type Activity as SdkActivity,
  type ConversationReference as SdkReference,
  type TurnContext,
} from 'botbuilder';
import type { AzureCredentials } from '../../config.ts';
import { NotSent } from '../../turns/errands.ts';
import type { ConversationReference } from '../filing-bot.ts';
import { type Connector, isUnreached, notFromService, type OutgoingActivity, type SignedParts } from './connector.ts';

/** Where the service's keys are published, and in whose name it speaks. */
export type CloudSettings = Partial<Record<'ToBotFromChannelOpenIdMetadataUrl' | 'ToBotFromChannelTokenIssuer', string>>;

/** Azure Bot Service by the Bot Framework SDK. */
export class BotbuilderConnector implements Connector {
  readonly #authentication: ConfigurationBotFrameworkAuthentication;
  readonly #adapter: Adapter;
  readonly #appId: string;

  /** `cloud` and `login` stand for Microsoft's public cloud and a login there, unless given. */
  constructor(credentials: AzureCredentials, cloud: CloudSettings = {}, login = loginOf(credentials)) {
    this.#authentication = new ConfigurationBotFrameworkAuthentication(cloud, login);
    this.#adapter = new Adapter(this.#authentication);
    this.#appId = credentials.appId;
  }

  async verify(authorization: string, { channelId, serviceUrl }: SignedParts): Promise<void> {
    try {
      await this.#authentication.authenticateRequest({ channelId, serviceUrl } as SdkActivity, authorization);
    } catch (error) {
      throw isRefusal(error) ? notFromService() : error;
    }
  }

  async send(reference: ConversationReference, activity: OutgoingActivity): Promise<void> {
    try {
      await this.#adapter.continueConversationAsync(this.#appId, reference as Partial<SdkReference>, async (context) => {
        this.#adapter.sendOnce(context);
        delete context.activity.id; // made up by the SDK; the message would go as a reply to it
        await context.sendActivity(activity as Partial<SdkActivity>);
      });
    } catch (error) {
      throw surelyNotSent(error) ? new NotSent('The service did not take the message.', { cause: error }) : error;
    }
  }
}

class Adapter extends CloudAdapter {
  /**
   * Takes from the SDK its habits of sending three times again after errors that leave open whether the customer has the message (its option
   * `noRetryPolicy` has no effect in 4.23.3), and of going wherever an answer sends it on to, with what the customer is told.
   */
  sendOnce({ turnState }: TurnContext): void {
    const connector = turnState.get<{ client: { pipeline: { removePolicy(policy: { name: string }): unknown } } }>(this.ConnectorClientKey);
    for (const name of ['defaultRetryPolicy', 'redirectPolicy']) connector.client.pipeline.removePolicy({ name });
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

/** The SDK refuses with a status, but lets through as it is what the library for tokens says of a wrong signature. */
function isRefusal(error: unknown): boolean {
  if (hasStatus(error)) return error.statusCode === 401 || error.statusCode === 403;
  return error instanceof Error && (error.name === 'JsonWebTokenError' || error.name === 'NotBeforeError');
}

/** Refused before anything was written, or turned away with a wait; anything else may have arrived. */
function surelyNotSent(error: unknown): boolean {
  if (hasStatus(error)) return error.statusCode === 429;
  if (error instanceof Error && 'errorCode' in error) return true; // the login before the sending failed (MSAL)
  return isUnreached(error);
}

function hasStatus(error: unknown): error is { statusCode: number } {
  return typeof error === 'object' && error !== null && 'statusCode' in error && typeof error.statusCode === 'number';
}
