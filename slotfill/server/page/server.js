// Asking the server.

import { t } from "./translation.js";

// The server says no, or (status 0) does not answer.
export class Failed extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

export async function post(path, body, signal) {
  const headers = { "Content-Type": "application/json" };
  let answer, found;
  try {
    answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body), signal });
    found = await answer.json();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Failed(t("The server does not answer. Is `slotfill serve` still running?"), 0);
  }
  if (!answer.ok) throw new Failed(t("The server says: {error}", found), answer.status);
  return found;
}

// The reader's clock, as the server takes it: 2026-11-20T09:00
export function localTime() {
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}
