export interface Messages { todo: string }
export function messagesOf(_: string): Messages { return { todo: '' }; }
