// Times of day and weather: colours of everything that is not an object.

/**
 * @typedef {object} Mood
 * @property {'day' | 'dusk' | 'night' | 'rain'} name also the class of the image
 * @property {[string, string, string]} sky from the zenith to the horizon
 * @property {string} haze what far things fade to
 * @property {string} leaf
 * @property {[string, string]} road far, near
 * @property {[string, string]} pavement far, near
 * @property {string} tint laid over the whole picture
 * @property {number} tintStrength
 * @property {boolean} night lamps and windows are lit
 * @property {boolean} rain
 */

/** @type {Record<Mood['name'], Mood>} */
export const MOODS = {
  day: {
    name: 'day',
    sky: ['#5aa3d8', '#9ccbe8', '#e4f1f4'],
    haze: '#cfe3ea',
    leaf: '#4f8a3c',
    road: ['#7f8388', '#5c6066'],
    pavement: ['#cfc9be', '#b9b2a6'],
    tint: '#fff3d6',
    tintStrength: 0.06,
    night: false,
    rain: false,
  },
  dusk: {
    name: 'dusk',
    sky: ['#3d4a7a', '#c9738a', '#ffc98b'],
    haze: '#e5a58c',
    leaf: '#4d6b3a',
    road: ['#6f6770', '#48434e'],
    pavement: ['#b7a29c', '#96847f'],
    tint: '#ff9a5c',
    tintStrength: 0.14,
    night: false,
    rain: false,
  },
  night: {
    name: 'night',
    sky: ['#080d1f', '#131d38', '#2b3558'],
    haze: '#232c49',
    leaf: '#2c4732',
    road: ['#3d4048', '#2a2c33'],
    pavement: ['#55555c', '#44444b'],
    tint: '#0a1238',
    tintStrength: 0.34,
    night: true,
    rain: false,
  },
  rain: {
    name: 'rain',
    sky: ['#6d7a86', '#8d99a3', '#b3bcc2'],
    haze: '#a7b1b8',
    leaf: '#45694a',
    road: ['#5f666d', '#444a51'],
    pavement: ['#9b9c9b', '#83858a'],
    tint: '#5d7186',
    tintStrength: 0.16,
    night: false,
    rain: true,
  },
};
