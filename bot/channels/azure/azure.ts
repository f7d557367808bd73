import { z } from 'zod';
import { clientActivitySchema } from '../../activity.ts';
import { readJsonBody } from '../../http/body.ts';
import { badArgument, HttpError, sendJson, tooManyRequests } from '../../http/http-error.ts';
import type { Route } from '../../http/web-server.ts';
import { type Deliver, NotSent } from '../../turns/errands.ts';
import type { ConversationReference, FilingBot, IncomingActivity } from '../filing-bot.ts';
import { type Connector, notFromService, type OutgoingActivity } from './connector.ts';
import { isServiceAddress } from './service-address.ts';

export const azureChannel = 'azure';

const mostActivityBytes = 256 * 1024;

const accountSchema = z.looseObject({ id: z.string().min(1).max(500), name: z.string().optional() });
const membersSchema = z.array(accountSchema).optional();

/** What every activity of the service has; the content of those that are kept is checked when it is known that they come from there. */
const envelopeSchema = z.looseObject({
  type: z.string().max(100),
  id: z.string().max(1000).optional(),
  channelId: z.string().min(1).max(100),
  serviceUrl: z.url({ protocol: /^https?$/ }),
  locale: z.string().max(35).optional(),
  conversation: z.looseObject({ id: z.string().min(1).max(2000) }),
  from: accountSchema,
  recipient: z.looseObject({ id: z.string(), name: z.string().optional() }).optional(),
  membersAdded: membersSchema,
  membersRemoved: membersSchema,
});

type Envelope = z.output<typeof envelopeSchema>;

const keptTypes: ReadonlySet<string> = new Set(['message', 'event', 'endOfConversation']);

/** The channels of Azure Bot Service (Teams and others), by whichever SDK speaks with it; only made when credentials are configured. */
export class AzureChannel {
  readonly #bot: FilingBot;
  readonly #connector: Connector;
  readonly #isService: (serviceUrl: string) => boolean;

  constructor(bot: FilingBot, connector: Connector, isService = isServiceAddress) {
    this.#bot = bot;
    this.#connector = connector;
    this.#isService = isService;
  }

  /** Answered as soon as the message is kept: the service gives up after 15 seconds, and sends again. */
  get route(): Route {
    return {
      method: 'post',
      path: '/api/messages',
      handle: async (request, response) => {
        const envelope = await readJsonBody(request, envelopeSchema, mostActivityBytes);
        if (!this.#isService(envelope.serviceUrl)) throw notFromService();
        await this.#connector.verify(request.headers.authorization ?? '', envelope);
        const acceptance = await this.#bot.receive(checked(envelope));
        if (acceptance?.outcome === 'full') throw tooManyRequests(1000);
        if (acceptance?.outcome === 'conflict') throw new HttpError(409, 'Conflict', 'Another activity was sent under the same id.');
        sendJson(response, 200, {});
      },
    };
  }

  async #send(reference: ConversationReference, content: OutgoingActivity): Promise<void> {
    // Kept from a time when other addresses were believed.
    if (!this.#isService(reference.serviceUrl ?? '')) throw new NotSent('The conversation came from an address that is not the service’s.');
    await this.#connector.send(reference, content);
  }

  readonly deliver: Deliver = ({ reference }, { timestamp: _, from: __, replyToId: ___, ...content }) => [
    { send: () => this.#send(reference as ConversationReference, content) },
  ];
}

/** The same limits on what is kept as for our own clients; what is not kept is not looked at. */
function checked({ type, id, channelId, serviceUrl, locale, conversation, from, recipient, ...rest }: Envelope): IncomingActivity {
  const sides = { type, id, channelId, serviceUrl, locale, conversation, from, recipient };
  if (!keptTypes.has(type)) return { ...sides, membersAdded: rest.membersAdded, membersRemoved: rest.membersRemoved };
  // The id is the service's, and may be longer than one that a client makes up.
  const content = clientActivitySchema.omit({ id: true, from: true }).safeParse({ type, locale, ...rest });
  if (!content.success) throw badArgument(content.error.issues.map(({ message }) => message).join('; '));
  return { ...content.data, ...sides };
}
