/**
 * Hosts of Azure Bot Service and Teams, in Microsoft's clouds for the world, the US government and China; other channels have names of
 * their own under the domains. (Bot Framework "serviceUrl" of the channels; Teams, "Send proactive messages", table of clouds; read 2026-11.)
 */
const hosts: ReadonlySet<string> = new Set([
  'smba.trafficmanager.net',
  'smba.infra.gcc.teams.microsoft.com',
  'smba.infra.gov.teams.microsoft.us',
  'smba.infra.dod.teams.microsoft.us',
  'frontend.botapi.msg.infra.teams.microsoftonline.cn',
]);
const domains: readonly string[] = ['botframework.com', 'botframework.azure.us', 'botframework.azure.cn'];

/** Whether replies, and with them a token of the bot's, may go to an address: over https to the service, whatever else vouches for it. */
export function isServiceAddress(serviceUrl: string): boolean {
  if (!URL.canParse(serviceUrl)) return false;
  const { protocol, hostname, port, username, password } = new URL(serviceUrl);
  if (protocol !== 'https:' || port !== '' || username !== '' || password !== '') return false;
  return hosts.has(hostname) || domains.some((domain) => hostname.endsWith(`.${domain}`));
}
