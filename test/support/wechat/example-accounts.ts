/** Accounts of an agency that does not exist, for tests. */

const callback = { token: 'pamtest', aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };

export const agencyAccount = {
  ...callback,
  appId: 'wxb11529c136998cb6',
  ghId: 'gh_agency',
  secret: 'a secret of the account, for tests',
};

export const agencyApp = { ...callback, corpId: 'wx5823bf96d3bd56c7', agentId: 1000002, secret: 'a secret of the app, for tests' };

export const agencyCustomerService = {
  ...callback,
  corpId: agencyApp.corpId,
  openKfId: 'wkAgency',
  secret: 'a secret of customer service, for tests',
  agents: ['zhang', 'li'],
};
