import { describe, expect, it } from 'vitest';
import { isServiceAddress } from '../../../../bot/channels/azure/service-address.ts';

describe('replies go to', () => {
  it.each([
    'https://smba.trafficmanager.net/amer/',
    'https://SMBA.trafficmanager.net:443/teams/',
    'https://smba.infra.gcc.teams.microsoft.com/gcc',
    'https://directline.botframework.com/',
    'https://europe.webchat.botframework.com',
    'https://facebook.botframework.com/',
    'https://msteams.botframework.azure.cn/teams',
    'https://directline.botframework.azure.us/',
  ])('%s', (address) => {
    expect(isServiceAddress(address)).toBe(true);
  });
});

const service = 'smba.trafficmanager.net';
const inside = ['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '10.0.0.1'];
const strange = [...inside, '169.254.169.254', '[::ffff:a9fe:a9fe]', 'metadata.google.internal', 'evil.example'];

describe('replies do not go to', () => {
  it.each([
    `http://${service}/`,
    `https://${service}:8443/`,
    `https://user@${service}/`,
    `https://user:password@${service}/`,
    `https://evil-${service}/`,
    'https://evil.trafficmanager.net/',
    'https://trafficmanager.net/',
    'https://botframework.com/',
    'https://evilbotframework.com/',
    `https://${service}./`,
    `https://${service}%00.evil.example/`,
    `ftp://${service}/`,
    `wss://${service}/`,
    `//${service}/`,
    service,
    '',
    'https://',
    `javascript:https://${service}/`,
  ])('%s', (address) => {
    expect(isServiceAddress(address)).toBe(false);
  });

  it.each(strange)('%s, however the service’s name is beside it', (host) => {
    const spelled = ['', ':443', ':80', ':3978'].flatMap((port) => [
      `https://${host}${port}/`,
      `http://${host}${port}/${service}`,
      `https://${service}@${host}${port}/`,
      `https://${service}:x@${host}${port}/`,
      `https://${host}${port}\\@${service}/`,
      `https://${host}${port}#@${service}/`,
      `https://${host}${port}?@${service}/`,
      `https://${host}${port}/.botframework.com`,
      `https://${service}\t@${host}${port}/`,
    ]);
    expect(spelled.filter(isServiceAddress)).toEqual([]);
  });
});
