# Tells whether a process is alive. One that has ended and that nobody asked
# after yet is not. Where there is no ps, that is not known. For other scripts:
# . tools/alive.sh
alive() {
	case $(ps -o stat= -p "$1" 2>/dev/null || { kill -0 "$1" 2>/dev/null && echo alive; }) in
	'' | Z*) return 1 ;;
	esac
}
