import { MsalConnectionManager, MsalTokenProvider } from '@microsoft/agents-hosting';
import { ConfigurationServiceClientCredentialFactory } from 'botbuilder';
import { AgentsConnector } from '../../../../bot/channels/azure/agents.ts';
import { BotbuilderConnector } from '../../../../bot/channels/azure/botbuilder.ts';
import type { Connector } from '../../../../bot/channels/azure/connector.ts';
import { appId, type Service } from './service.ts';

const credentials = { appId, appPassword: 'x', tenantId: '', appType: 'MultiTenant' as const };

/** A login that needs nothing of Microsoft. */
export interface Login {
  works: boolean;
}

export const tokenOfBot = 'of-the-bot';

/** How each SDK is led to a service that is not Microsoft's, and in whose name that speaks. */
export const sdks = [
  {
    sdk: 'botbuilder',
    issuer: 'https://api.botframework.com',
    /** Whether it looks for which channels a key of the service may speak. */
    heedsEndorsements: true,
    /** Whether it goes where an answer sends it on to. */
    followsAnswers: false,
    connect: ({ url }: Service, login: Login): Connector =>
      new BotbuilderConnector(
        { ...credentials, sdk: 'botbuilder' },
        { ToBotFromChannelOpenIdMetadataUrl: `${url}/openid`, ToBotFromChannelTokenIssuer: 'https://api.botframework.com' },
        new BotbuilderLogin(login),
      ),
  },
  {
    sdk: 'agents',
    // For the true name the SDK knows the address of the keys by heart; for others it asks the authority.
    issuer: 'https://service.example',
    heedsEndorsements: false,
    followsAnswers: true,
    connect: ({ url }: Service, login: Login): Connector =>
      new AgentsConnector(
        { ...credentials, sdk: 'agents' },
        { authorityEndpoint: `${url}/tenant`, issuers: ['https://service.example'] },
        new AgentsLogin(login),
      ),
  },
] as const;

class BotbuilderLogin extends ConfigurationServiceClientCredentialFactory {
  readonly #login: Login;

  constructor(login: Login) {
    super({ MicrosoftAppId: appId, MicrosoftAppPassword: 'x' });
    this.#login = login;
  }

  override async createCredentials(): ReturnType<ConfigurationServiceClientCredentialFactory['createCredentials']> {
    return {
      signRequest: async (request) => {
        if (!this.#login.works) throw Object.assign(new Error('network_error'), { errorCode: 'network_error' });
        request.headers.set('authorization', `Bearer ${tokenOfBot}`);
        return request;
      },
    };
  }
}

class AgentsLogin extends MsalConnectionManager {
  readonly #provider: MsalTokenProvider;

  constructor(login: Login) {
    super();
    this.#provider = new LocalTokens(login);
  }

  override getTokenProvider(): MsalTokenProvider {
    return this.#provider;
  }
}

class LocalTokens extends MsalTokenProvider {
  readonly #login: Login;

  constructor(login: Login) {
    super();
    this.#login = login;
  }

  override async getAccessToken(): Promise<string> {
    if (!this.#login.works) throw Object.assign(new Error('network_error'), { errorCode: 'network_error' });
    return tokenOfBot;
  }
}
