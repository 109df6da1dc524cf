/** What looks like an e-mail address: enough to tell a slip of the finger, the server looks closer. */
export const MAIL_ADDRESS = /^\S+@\S+\.\S+$/;
