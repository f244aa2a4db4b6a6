// The colours that an operator can choose for the console: by options, or in ~/.config/reseed/config.yaml.

export const backgrounds = ['dark', 'light'] as const;
export type Background = (typeof backgrounds)[number];
export const palettes = ['standard', 'colour-blind'] as const;
export type PaletteName = (typeof palettes)[number];

export interface Colours {
  /** Absent: dark, or unknown. */
  readonly background?: Background;
  /** Absent: standard. */
  readonly palette?: PaletteName;
}
