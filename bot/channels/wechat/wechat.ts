import type { Handoffs } from '../../handoffs/handoffs.ts';
import type { Limit, Rate } from '../../http/limits.ts';
import type { Route } from '../../http/web-server.ts';
import type { Deliver } from '../../turns/errands.ts';
import { CustomerService, type CustomerServiceSettings } from './customer-service/customer-service.ts';
import { customerServiceChannel, officialAccountChannel, wecomChannel } from './names.ts';
import { OfficialAccount, type OfficialAccountSettings } from './official-account.ts';
import type { Services } from './services.ts';
import { memberRates, Wecom, type WecomSettings } from './wecom.ts';

/** The accounts that are configured. */
export interface WeChatSettings {
  officialAccount: OfficialAccountSettings | undefined;
  wecom: WecomSettings | undefined;
  customerService: CustomerServiceSettings | undefined;
}

export interface WeChat {
  routes: Route[];
  /** How what is said leaves, by channel. */
  deliver: [channel: string, deliver: Deliver][];
  /** Whether agents inside WeChat are there for a customer of theirs. */
  isAnybodyThere(conversation: string): Promise<boolean>;
  start(): void;
  stop(): Promise<void>;
}

/** The channels in WeChat, those that are configured. */
export function openWeChat(
  settings: WeChatSettings,
  services: Services,
  handoffs: Handoffs,
  limit: (name: string, rate: Rate) => Limit,
): WeChat {
  const memberLimits = { minute: limit('wecom-minute', memberRates.minute), hour: limit('wecom-hour', memberRates.hour) };
  const officialAccount = settings.officialAccount && new OfficialAccount(settings.officialAccount, services);
  const wecom = settings.wecom && new Wecom(settings.wecom, services, memberLimits);
  const customerService = settings.customerService && new CustomerService(settings.customerService, services, handoffs);
  return {
    routes: [officialAccount, wecom, customerService].flatMap((channel) => channel?.routes ?? []),
    deliver: [
      ...(officialAccount ? [[officialAccountChannel, officialAccount.deliver] as [string, Deliver]] : []),
      ...(wecom ? [[wecomChannel, wecom.deliver] as [string, Deliver]] : []),
      ...(customerService ? [[customerServiceChannel, customerService.deliver] as [string, Deliver]] : []),
    ],
    isAnybodyThere: async (conversation) => (await customerService?.isAnybodyThere(conversation)) ?? false,
    start: () => customerService?.start(),
    stop: async () => {
      officialAccount?.close();
      await customerService?.stop();
    },
  };
}
