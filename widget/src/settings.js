// Size of type and contrast, remembered on the device.
export const SIZES = [18, 24, 30];

export function readSettings(store) {
  const kept = store.get('settings') || {};
  return { size: SIZES.includes(kept.size) ? kept.size : SIZES[0], contrast: kept.contrast === true };
}

export function keepSettings(store, settings) {
  store.set('settings', settings);
  return settings;
}
