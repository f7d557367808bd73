/** How conversations of the channels in WeChat are told apart, and where the platform calls. */
export const officialAccountChannel = 'wechat-official-account';
export const wecomChannel = 'wechat-wecom';
export const customerServiceChannel = 'wechat-customer-service';

export const officialAccountPath = '/wechat/official-account';
export const wecomPath = '/wechat/wecom';
export const customerServicePath = '/wechat/customer-service';
