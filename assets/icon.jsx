import paths from "./icons.json";

/* Lucide icons (licenses/lucide.txt), drawn inline: a sprite file would be asked for again just when the line is down. */
export function Icon({ name, className = "" }) {
  return (
    <svg
      className={`icon ${className}`}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
      dangerouslySetInnerHTML={{ __html: paths[name] ?? "" }}
    />
  );
}
