// Text that is not on the server yet is kept on this device, per person, assessment and requirement.
const PREFIX = "kept:";

export function keep(key, fields, revision) {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify({ fields, revision }));
    return true;
  } catch {
    return false; // private window or a full store: the text is still in the field
  }
}

export function kept(key) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key));
  } catch {
    return null;
  }
}

export function forget(key) {
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // nothing was kept
  }
}
