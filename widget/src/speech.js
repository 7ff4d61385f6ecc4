// Reading aloud with the browser's own voices. Hidden where there is no Chinese one.
import { useEffect, useState } from 'preact/hooks';
import { linked } from './links.js';

const RATE = 0.9;
const PIECE = /[^。！？；\n]+[。！？；\n]*/g; // long utterances are cut off by some browsers

const engine = () => window.speechSynthesis;

function chineseVoice() {
  const voices = engine()?.getVoices().filter((voice) => /^(zh|cmn)/i.test(voice.lang)) || [];
  return voices.find((voice) => /CN|Hans/i.test(voice.lang)) || voices[0];
}

/** Phone numbers digit by digit. */
export function forEar(text) {
  return linked(text).map((part) => (part.phone ? [...part.label].join(' ') : part.label || part)).join('');
}

/** Null without a Chinese voice, else {reading: id or "", toggle(id, text), stop()}. */
export function useSpeech() {
  const [voice, setVoice] = useState(chineseVoice);
  const [reading, setReading] = useState('');
  useEffect(() => {
    const speech = engine();
    if (!speech?.addEventListener) return undefined;
    const look = () => setVoice(chineseVoice());
    speech.addEventListener('voiceschanged', look);
    return () => speech.removeEventListener('voiceschanged', look);
  }, []);
  if (!voice) return null;

  const stop = () => {
    engine().cancel();
    setReading('');
  };
  return {
    reading,
    stop,
    toggle(id, text) {
      engine().cancel();
      if (reading === id) return setReading('');
      const pieces = forEar(text).match(PIECE) || [];
      pieces.forEach((piece, index) => {
        const utterance = new SpeechSynthesisUtterance(piece);
        utterance.voice = voice;
        utterance.lang = voice.lang;
        utterance.rate = RATE;
        if (index === pieces.length - 1) utterance.onend = () => setReading((now) => (now === id ? '' : now));
        engine().speak(utterance);
      });
      return setReading(id);
    },
  };
}
