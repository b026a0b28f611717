"""Plain HTTP around Reflex: sign-in and sign-out, the gate in front of the socket, headers, health."""
