/** How its conversations are told apart from those of other channels. */
export const customerServiceChannel = 'wechat-customer-service';
