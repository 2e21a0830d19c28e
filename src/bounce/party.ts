/** Who has to act before mail can flow again: the person at either end, who runs the mail there, or Microsoft's own service. */
export const PARTIES = ['sender', 'sender_admin', 'recipient', 'recipient_admin', 'microsoft'] as const;
export type Party = (typeof PARTIES)[number];
